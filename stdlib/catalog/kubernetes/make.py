#!/usr/bin/env python3
"""Writes `types.txt`, the table of Kubernetes' own object types, from the schemas of PyPI's `kubernetes-validate`.

  python3 -m venv V && V/bin/pip install kubernetes-validate==1.37.0
  V/bin/python stdlib/catalog/kubernetes/make.py > stdlib/catalog/kubernetes/types.txt

The package holds the OpenAPI definitions that Kubernetes publishes, as JSON Schema, for the `.0` release of each minor version. To add a version,
take a release of the package that has it. What OpenAPI does not say stands below, from the API reference and the deprecation guide: scopes, values
that a field is limited to, and versions that were removed before the oldest one in the package."""
import json
import os
import re
import sys

import kubernetes_validate

ROOT = os.path.join(os.path.dirname(kubernetes_validate.__file__), "kubernetes-json-schema")

# Kinds that live in no namespace, by group.
CLUSTER = {
    "": "Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy "
    "ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "internal.apiserver.k8s.io": "StorageVersion",
    "networking.k8s.io": "IngressClass IPAddress ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "resource.k8s.io": "DeviceClass ResourceSlice DeviceTaintRule ResourceClass ResourceClassParameters "
    "ResourcePoolStatusRequest",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io": "StorageVersionMigration",
}
# What is never kept by the API server, or only ever made by it.
NOT_KEPT = set(
    "APIGroup APIVersions Binding ComponentStatus Eviction Scale Status TokenRequest TokenReview SelfSubjectReview "
    "SubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview LocalSubjectAccessReview DeleteOptions WatchEvent "
    "CreateOptions PodCertificateRequest".split()
)
# Values that the API server limits a field to.
ENUMS = {
    "core.v1.Container imagePullPolicy": "Always IfNotPresent Never",
    "core.v1.EphemeralContainer imagePullPolicy": "Always IfNotPresent Never",
    "core.v1.Container terminationMessagePolicy": "File FallbackToLogsOnError",
    "core.v1.ContainerPort protocol": "TCP UDP SCTP",
    "core.v1.ServicePort protocol": "TCP UDP SCTP",
    "core.v1.PodSpec restartPolicy": "Always OnFailure Never",
    "core.v1.PodSpec dnsPolicy": "ClusterFirst ClusterFirstWithHostNet Default None",
    "core.v1.PodSpec preemptionPolicy": "Never PreemptLowerPriority",
    "core.v1.ServiceSpec type": "ClusterIP ExternalName LoadBalancer NodePort",
    "core.v1.ServiceSpec sessionAffinity": "ClientIP None",
    "core.v1.ServiceSpec externalTrafficPolicy": "Cluster Local",
    "core.v1.ServiceSpec internalTrafficPolicy": "Cluster Local",
    "core.v1.ServiceSpec ipFamilyPolicy": "PreferDualStack RequireDualStack SingleStack",
    "core.v1.HTTPGetAction scheme": "HTTP HTTPS",
    "core.v1.SeccompProfile type": "Localhost RuntimeDefault Unconfined",
    "core.v1.AppArmorProfile type": "Localhost RuntimeDefault Unconfined",
    "core.v1.SecurityContext procMount": "Default Unmasked",
    "core.v1.PodSecurityContext fsGroupChangePolicy": "Always OnRootMismatch",
    "core.v1.Taint effect": "NoExecute NoSchedule PreferNoSchedule",
    "core.v1.Toleration effect": "NoExecute NoSchedule PreferNoSchedule",
    "core.v1.TopologySpreadConstraint whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
    "core.v1.NodeSelectorRequirement operator": "DoesNotExist Exists Gt In Lt NotIn",
    "core.v1.PersistentVolumeSpec persistentVolumeReclaimPolicy": "Delete Recycle Retain",
    "core.v1.PersistentVolumeSpec volumeMode": "Block Filesystem",
    "core.v1.PersistentVolumeClaimSpec volumeMode": "Block Filesystem",
    "core.v1.LimitRangeItem type": "Container PersistentVolumeClaim Pod",
    "meta.v1.LabelSelectorRequirement operator": "DoesNotExist Exists In NotIn",
    "apps.v1.DeploymentStrategy type": "Recreate RollingUpdate",
    "apps.v1.StatefulSetSpec podManagementPolicy": "OrderedReady Parallel",
    "apps.v1.StatefulSetUpdateStrategy type": "OnDelete RollingUpdate",
    "apps.v1.DaemonSetUpdateStrategy type": "OnDelete RollingUpdate",
    "batch.v1.CronJobSpec concurrencyPolicy": "Allow Forbid Replace",
    "batch.v1.JobSpec completionMode": "Indexed NonIndexed",
    "batch.v1.JobSpec podReplacementPolicy": "Failed TerminatingOrFailed",
    "autoscaling.v2.MetricSpec type": "ContainerResource External Object Pods Resource",
    "autoscaling.v2.MetricTarget type": "AverageValue Utilization Value",
    "autoscaling.v2.HPAScalingRules selectPolicy": "Disabled Max Min",
    "networking.v1.HTTPIngressPath pathType": "Exact ImplementationSpecific Prefix",
    "networking.v1.NetworkPolicyPort protocol": "TCP UDP SCTP",
    "policy.v1.PodDisruptionBudgetSpec unhealthyPodEvictionPolicy": "AlwaysAllow IfHealthyBudget",
    "storage.v1.StorageClass reclaimPolicy": "Delete Retain",
    "storage.v1.StorageClass volumeBindingMode": "Immediate WaitForFirstConsumer",
    "admissionregistration.v1.ValidatingWebhook failurePolicy": "Fail Ignore",
    "admissionregistration.v1.ValidatingWebhook sideEffects": "None NoneOnDryRun",
    "admissionregistration.v1.MutatingWebhook failurePolicy": "Fail Ignore",
    "admissionregistration.v1.MutatingWebhook sideEffects": "None NoneOnDryRun",
    "admissionregistration.v1.ValidatingAdmissionPolicySpec failurePolicy": "Fail Ignore",
    "apiextensions.v1.CustomResourceDefinitionSpec scope": "Cluster Namespaced",
}
# Versions of the API that were gone before the oldest minor version of the package: group, version, kinds, last minor, what serves them now.
GONE = [
    ("extensions", "v1beta1", "DaemonSet Deployment ReplicaSet", 15, "apps v1"),
    ("extensions", "v1beta1", "NetworkPolicy", 15, "networking.k8s.io v1"),
    ("extensions", "v1beta1", "Ingress", 21, "networking.k8s.io v1"),
    ("apps", "v1beta1", "Deployment StatefulSet ControllerRevision", 15, "apps v1"),
    ("apps", "v1beta2", "DaemonSet Deployment ReplicaSet StatefulSet ControllerRevision", 15, "apps v1"),
    ("admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", 21, "admissionregistration.k8s.io v1"),
    ("apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition", 21, "apiextensions.k8s.io v1"),
    ("apiregistration.k8s.io", "v1beta1", "APIService", 21, "apiregistration.k8s.io v1"),
    ("certificates.k8s.io", "v1beta1", "CertificateSigningRequest", 21, "certificates.k8s.io v1"),
    ("coordination.k8s.io", "v1beta1", "Lease", 21, "coordination.k8s.io v1"),
    ("networking.k8s.io", "v1beta1", "Ingress IngressClass", 21, "networking.k8s.io v1"),
    ("rbac.authorization.k8s.io", "v1beta1", "ClusterRole ClusterRoleBinding Role RoleBinding", 21, "rbac.authorization.k8s.io v1"),
    ("scheduling.k8s.io", "v1beta1", "PriorityClass", 21, "scheduling.k8s.io v1"),
    ("storage.k8s.io", "v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", 21, "storage.k8s.io v1"),
    ("batch", "v1beta1", "CronJob", 24, "batch v1"),
    ("discovery.k8s.io", "v1beta1", "EndpointSlice", 24, "discovery.k8s.io v1"),
    ("events.k8s.io", "v1beta1", "Event", 24, "events.k8s.io v1"),
    ("autoscaling", "v2beta1", "HorizontalPodAutoscaler", 24, "autoscaling v2"),
    ("policy", "v1beta1", "PodDisruptionBudget", 24, "policy v1"),
    ("policy", "v1beta1", "PodSecurityPolicy", 24, ""),
    ("node.k8s.io", "v1beta1", "RuntimeClass", 24, "node.k8s.io v1"),
]
LEAVES = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "IntOrString",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "Quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "String",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "String",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "Data",
}
# What the API server writes, not a person.
SERVER = set("creationTimestamp deletionTimestamp deletionGracePeriodSeconds generation managedFields resourceVersion selfLink uid".split())


def short(name):
    """`io.k8s.api.core.v1.Container` is `core.v1.Container`."""
    parts = name.split(".")
    return ".".join(parts[-3:]).replace("apiserverinternal", "internal")


def definitions(version):
    found = json.load(open(f"{ROOT}/{version}-local-strict/_definitions.json"))
    return found.get("$defs") or found.get("definitions") or found


def kind_of(schema, defs):
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in LEAVES:
            return LEAVES[name]
        if not defs[name].get("properties") or "JSONSchemaProps" in name:
            return "Data"
        return short(name)
    kind = schema.get("type")
    kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
    if kind == "array":
        return f"[{kind_of(schema['items'], defs)}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"{{{kind_of(values, defs)}}}" if isinstance(values, dict) else "Data"
    return {"string": "String", "integer": "Int", "number": "Float", "boolean": "Bool"}.get(kind, "Data")


def keys_of(schema):
    merge = schema.get("x-kubernetes-patch-merge-key")
    keys = schema.get("x-kubernetes-list-map-keys") if schema.get("x-kubernetes-list-type") == "map" else None
    if not keys:
        keys = [merge] if merge else []
    if merge in keys:
        keys = [merge] + [key for key in keys if key != merge]
    if not keys and schema.get("x-kubernetes-list-type") == "set":
        return "set"
    return ",".join(keys)


def ranges(minors, every):
    """Runs of minor versions, as `25-31`; an end that is the newest of all is left open."""
    out, start, last = [], None, None
    for minor in every:
        if minor in minors:
            start = minor if start is None else start
            last = minor
        elif start is not None:
            out.append((start, last))
            start = None
    if start is not None:
        out.append((start, last))
    return [
        ("" if first == every[0] else str(first)) + "-" + ("" if end == every[-1] else str(end))
        for first, end in out
    ]


def main():
    versions = sorted(
        (v[:-13] for v in os.listdir(ROOT) if v.endswith("-local-strict")),
        key=lambda v: [int(n) for n in re.findall(r"\d+", v)],
    )
    minors = [int(v.split(".")[1]) for v in versions]
    fields, objects = {}, {}
    for version, minor in zip(versions, minors):
        defs = definitions(version)
        for name, schema in defs.items():
            if not schema.get("properties") or "JSONSchemaProps" in name or name.startswith("io.k8s.apimachinery.pkg.version"):
                continue
            kinds = schema.get("x-kubernetes-group-version-kind") or []
            is_object = len(kinds) == 1 and not kinds[0]["kind"].endswith("List")
            if kinds and not (is_object and kinds[0]["kind"] not in NOT_KEPT):
                continue
            if is_object:
                key = (kinds[0]["group"], kinds[0]["version"], kinds[0]["kind"])
                objects.setdefault(key, (short(name), set()))[1].add(minor)
            for field, inner in schema["properties"].items():
                if is_object and field in ("apiVersion", "kind", "metadata", "status"):
                    continue
                if name.endswith(".ObjectMeta") and field in SERVER:
                    continue
                kind = kind_of(inner, defs)
                enum = ENUMS.get(f"{short(name)} {field}")
                if enum and kind == "String":
                    kind = "=" + "|".join(enum.split())
                required = "!" if field in (schema.get("required") or []) else ""
                line = (kind, keys_of(inner), required)
                fields.setdefault(short(name), {}).setdefault(field, {}).setdefault(line, set()).add(minor)
    # What no object reaches is left out.
    reached, open_ = set(), [name for name, _ in objects.values()]
    while open_:
        name = open_.pop()
        if name in reached:
            continue
        reached.add(name)
        for variants in fields.get(name, {}).values():
            for kind, _, _ in variants:
                inner = kind.strip("[]{}")
                if "." in inner and inner not in reached:
                    open_.append(inner)
    print("# Kubernetes' object types. Made by make.py from PyPI's kubernetes-validate, which holds the OpenAPI definitions of")
    print("# https://github.com/kubernetes/kubernetes (Copyright The Kubernetes Authors, Apache License 2.0) without their prose.")
    print("# object GROUP VERSION KIND SCOPE SCHEMA [MINORS]   `-` is the core group")
    print("# gone GROUP VERSION KIND LAST-MINOR [GROUP VERSION]   what serves it now")
    print("# type SCHEMA, and below it ` FIELD[!] TYPE [keys=..] [MINORS]`, `!` for required, a line a variant")
    print(f"minors {minors[0]} {minors[-1]}")
    for (group, version, kind), (schema, present) in sorted(objects.items()):
        scope = "cluster" if kind in CLUSTER.get(group, "").split() else "namespaced"
        when = "".join(f" {r}" for r in ranges(present, minors) if r != "-")
        print(f"object {group or '-'} {version} {kind} {scope} {schema}{when}")
    for group, version, kinds, last, now in GONE:
        for kind in kinds.split():
            print(f"gone {group} {version} {kind} {last} {now}".rstrip())
    for name in sorted(reached):
        print(f"type {name}")
        for field, variants in sorted(fields.get(name, {}).items()):
            for (kind, keys, required), present in sorted(variants.items(), key=lambda item: min(item[1])):
                every = "" if not keys else f" keys={keys}"
                for run in ranges(present, minors):
                    when = "" if run == "-" else f" {run}"
                    print(f" {field}{required} {kind}{every}{when}")


if __name__ == "__main__":
    sys.exit(main())
