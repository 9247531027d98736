#!/usr/bin/env python3
"""Writes `types.txt`, the table of Cluster API's object types, from the CustomResourceDefinitions of its projects.

  git clone --bare https://github.com/kubernetes-sigs/cluster-api CLONES/cluster-api    (and so on: REPOSITORIES below)
  python3 stdlib/catalog/cluster-api/make.py CLONES target/debug/iflux > stdlib/catalog/cluster-api/types.txt

The definitions are read by `iflux import crd`, as those of a project are. What is left out is what a platform does not write: versions that are
going away, and kinds that only controllers make. To take a newer release, change its tag below; to add a kind, its file and version."""
import os
import subprocess
import sys
import tempfile

CORE = "https://github.com/kubernetes-sigs/"
INFRASTRUCTURE = "config/crd/bases/infrastructure.cluster.x-k8s.io_"

# Address, tag or commit, and per file of definitions the versions that are kept.
REPOSITORIES = [
    (CORE + "cluster-api", "v1.14.0", {
        "core/config/crd/bases/cluster.x-k8s.io_clusterclasses.yaml": "v1beta2",
        "core/config/crd/bases/cluster.x-k8s.io_clusters.yaml": "v1beta2",
        "core/config/crd/bases/cluster.x-k8s.io_machinedeployments.yaml": "v1beta2",
        "core/config/crd/bases/cluster.x-k8s.io_machinedrainrules.yaml": "v1beta2",
        "core/config/crd/bases/cluster.x-k8s.io_machinehealthchecks.yaml": "v1beta2",
        "core/config/crd/bases/cluster.x-k8s.io_machinepools.yaml": "v1beta2",
        "core/config/crd/bases/addons.cluster.x-k8s.io_clusterresourcesets.yaml": "v1beta2",
        "bootstrap/kubeadm/config/crd/bases/bootstrap.cluster.x-k8s.io_kubeadmconfigtemplates.yaml": "v1beta2",
        "controlplane/kubeadm/config/crd/bases/controlplane.cluster.x-k8s.io_kubeadmcontrolplanes.yaml": "v1beta2",
        "controlplane/kubeadm/config/crd/bases/controlplane.cluster.x-k8s.io_kubeadmcontrolplanetemplates.yaml": "v1beta2",
        "test/infrastructure/docker/" + INFRASTRUCTURE + "devclusters.yaml": "v1beta2",
        "test/infrastructure/docker/" + INFRASTRUCTURE + "devclustertemplates.yaml": "v1beta2",
        "test/infrastructure/docker/" + INFRASTRUCTURE + "devmachinetemplates.yaml": "v1beta2",
        "test/infrastructure/docker/" + INFRASTRUCTURE + "devmachinepooltemplates.yaml": "v1beta2",
    }),
    (CORE + "cluster-api-provider-aws", "v2.11.1", {
        INFRASTRUCTURE + "awsclusters.yaml": "v1beta2",
        INFRASTRUCTURE + "awsclustertemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "awsmachinetemplates.yaml": "v1beta2",
    }),
    (CORE + "cluster-api-provider-vsphere", "v1.16.1", {
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vsphereclusters.yaml": "v1beta2",
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vsphereclustertemplates.yaml": "v1beta2",
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vspheremachinetemplates.yaml": "v1beta2",
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vsphereclusteridentities.yaml": "v1beta2",
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vspheredeploymentzones.yaml": "v1beta2",
        "config/default/crd/bases/infrastructure.cluster.x-k8s.io_vspherefailuredomains.yaml": "v1beta2",
    }),
    # No release has v1beta2 yet.
    ("https://github.com/syself/cluster-api-provider-hetzner", "1c4fe745f3bf5b22b94d4dddd6c4b3b98f6770fc", {
        INFRASTRUCTURE + "hcloudmachinetemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "hcloudremediationtemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "hetznerbaremetalmachinetemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "hetznerbaremetalremediationtemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "hetznerclusters.yaml": "v1beta2",
        INFRASTRUCTURE + "hetznerclustertemplates.yaml": "v1beta2",
    }),
    ("https://github.com/metal3-io/cluster-api-provider-metal3", "v1.13.2", {
        INFRASTRUCTURE + "metal3clusters.yaml": "v1beta2",
        INFRASTRUCTURE + "metal3clustertemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "metal3machinetemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "metal3datatemplates.yaml": "v1beta2",
        INFRASTRUCTURE + "metal3remediationtemplates.yaml": "v1beta2",
    }),
    ("https://github.com/ionos-cloud/cluster-api-provider-proxmox", "v0.9.0", {
        INFRASTRUCTURE + "proxmoxclusters.yaml": "v1alpha2",
        INFRASTRUCTURE + "proxmoxclustertemplates.yaml": "v1alpha2",
        INFRASTRUCTURE + "proxmoxmachinetemplates.yaml": "v1alpha2",
    }),
    ("https://github.com/siderolabs/cluster-api-bootstrap-provider-talos", "v0.6.12", {
        "config/crd/bases/bootstrap.cluster.x-k8s.io_talosconfigtemplates.yaml": "v1alpha3",
    }),
    ("https://github.com/siderolabs/cluster-api-control-plane-provider-talos", "v0.5.12", {
        "config/crd/bases/controlplane.cluster.x-k8s.io_taloscontrolplanes.yaml": "v1alpha3",
    }),
]


def definition(clones, address, commit, path):
    clone = os.path.join(clones, address.rsplit("/", 1)[1])
    return subprocess.run(["git", "-C", clone, "show", f"{commit}:{path}"], check=True, capture_output=True, text=True).stdout


def imported(iflux, text):
    """The table of a project that imported these definitions."""
    with tempfile.TemporaryDirectory() as project:
        for name, content in {"iflux.toml": '[project]\nname = "table"\n', "definitions.yaml": text, "main.iflux": ""}.items():
            with open(os.path.join(project, name), "w", encoding="utf-8") as file:
                file.write(content)
        command = [iflux, "import", "crd", os.path.join(project, "definitions.yaml"), "--project", project]
        subprocess.run(command, check=True, capture_output=True)
        with open(os.path.join(project, "crds.types"), encoding="utf-8") as file:
            return file.read().splitlines()


def short(name):
    """`bootstrap.cluster.x-k8s.io.v1beta2.X` is `bootstrap.v1beta2.X`."""
    group, version, last = name.rsplit(".", 2)
    return f"{group.split('.')[0]}.{version}.{last}"


def kept(lines, versions):
    """Object lines and types of the versions that are kept."""
    objects, types, current = [], {}, None
    for line in lines:
        words = line.split(" ")
        if words[0] == "object":
            if words[2] in versions:
                words[5] = short(words[5])
                objects.append(" ".join(words))
        elif words[0] == "type":
            name = short(words[1])
            current = types.setdefault(name, []) if name.split(".")[1] in versions else None
        elif line.startswith(" ") and current is not None:
            field, shape, *rest = words[1:]
            start = shape.find("@")
            if start >= 0:
                end = len(shape.rstrip("]}"))
                shape = shape[: start + 1] + short(shape[start + 1 : end]) + shape[end:]
            current.append(" " + " ".join([field, shape, *rest]))
    return objects, types


def merged(types):
    """Types of one kind, or of a kind and its template, that hold the same are one type, called by the shortest of their names."""
    def family(name):
        return name.split("_")[0].removesuffix("Template")

    while True:
        same = {}
        for name in sorted(types, key=lambda name: (len(name), name)):
            if "_" in name:
                same.setdefault((family(name), tuple(types[name])), []).append(name)
        renamed = {other: names[0] for names in same.values() for other in names[1:]}
        if not renamed:
            return types
        for old in renamed:
            del types[old]
        for name, lines in types.items():
            types[name] = [line if "@" not in line else rename(line, renamed) for line in lines]


def rename(line, renamed):
    words = line.split(" ")
    shape = words[2]
    start, end = shape.find("@"), len(shape.rstrip("]}"))
    if start >= 0:
        name = shape[start + 1 : end]
        words[2] = shape[: start + 1] + renamed.get(name, name) + shape[end:]
    return " ".join(words)


def main():
    clones, iflux = sys.argv[1], os.path.abspath(sys.argv[2])
    objects, types = [], {}
    print("# Cluster API's object types. Made by make.py; see there for the format's source and how to take newer releases. From the")
    print("# CustomResourceDefinitions, without their prose, of these projects, all under the Apache License 2.0 but those of Siderolabs (MPL 2.0):")
    for address, commit, files in REPOSITORIES:
        print(f"#   {address} {commit}")
        for path, versions in files.items():
            found = kept(imported(iflux, definition(clones, address, commit, path)), versions.split())
            objects += found[0]
            types.update(found[1])
    for line in sorted(objects):
        print(line)
    for name, lines in sorted(merged(types).items()):
        print(f"type {name}")
        for line in lines:
            print(line)


main()
