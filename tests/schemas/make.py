#!/usr/bin/env python3
"""Writes `cloudnative-pg.types`, the fields of CloudNativePG's objects, by which tests judge what databases become.

  git clone --bare https://github.com/cloudnative-pg/cloudnative-pg CLONES/cloudnative-pg    (and so on: REPOSITORIES below)
  python3 tests/schemas/make.py CLONES target/debug/iflux > tests/schemas/cloudnative-pg.types

The releases are those that the presets CloudNativePg and BarmanCloud install. The definitions are read by `iflux import crd`: names and types of
fields, without prose, patterns and rules in CEL. What a database never writes is left out, with all below it; a field that is written and
not in the table fails the tests, and then its line below goes."""
import os
import re
import subprocess
import sys
import tempfile

# Address, tag, and the definitions that are read.
REPOSITORIES = [
    ("https://github.com/cloudnative-pg/cloudnative-pg", "v1.30.0", [
        "config/crd/bases/postgresql.cnpg.io_clusters.yaml",
        "config/crd/bases/postgresql.cnpg.io_poolers.yaml",
        "config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml",
    ]),
    ("https://github.com/cloudnative-pg/plugin-barman-cloud", "v0.13.0", [
        "config/crd/bases/barmancloud.cnpg.io_objectstores.yaml",
    ]),
]

# Types that are left out, as what follows the name of the object.
LEFT_OUT = re.compile(
    r"[A-Za-z]+_spec_(affinity_.*Affinity|backup|bootstrap_(initdb_.*|recovery|pg_basebackup)|certificates|configuration_(azure|google).*"
    r"|env|envFrom|ephemeral.*|externalClusters|image.*|inheritedMetadata|instanceSidecarConfiguration_env_valueFrom|managed|monitoring"
    r"|nodeMaintenanceWindow|podSecurityContext|podSelectorRefs|postgresql_(extensions|ldap|syncReplica.*)|primaryLease|probes|projected.*"
    r"|replica|replicationSlots|seccompProfile|securityContext|service.*Template|superuserSecret|tablespaces|topologySpreadConstraints"
    r"|(storage|walStorage)_pvcTemplate"
    r"|template_spec_(affinity|containers_(env.*|lifecycle|.*Probe|ports|resizePolicy|restartPolicyRules|securityContext|volume.*)|dnsConfig"
    r"|ephemeralContainers|hostAliases|imagePullSecrets|initContainers|os|readinessGates|resourceClaims|schedulingG.*|securityContext"
    r"|tolerations|topologySpreadConstraints|volumes|workloadRef))(_.*)?")


def imported(clones, iflux):
    """The lines of the table of a project that imported the definitions."""
    with tempfile.TemporaryDirectory() as project:
        open(os.path.join(project, "iflux.toml"), "w", encoding="utf-8").close()
        files = []
        for address, tag, paths in REPOSITORIES:
            clone = os.path.join(clones, address.rsplit("/", 1)[1])
            for path in paths:
                files.append(os.path.join(project, os.path.basename(path)))
                with open(files[-1], "w", encoding="utf-8") as file:
                    subprocess.run(["git", "-C", clone, "show", f"{tag}:{path}"], check=True, stdout=file)
        subprocess.run([iflux, "import", "crd", *files, "--project", project], check=True, capture_output=True)
        with open(os.path.join(project, "crds.types"), encoding="utf-8") as file:
            return [line for line in file.read().splitlines() if not line.startswith("#")]


def is_left_out(name):
    return LEFT_OUT.fullmatch(name.rsplit(".", 1)[1]) is not None


def main():
    print("# Fields of CloudNativePG's objects, made by make.py from the CustomResourceDefinitions of these projects (Apache License 2.0):")
    for address, tag, _ in REPOSITORIES:
        print(f"#   {address} {tag}")
    shown = True
    for line in imported(sys.argv[1], os.path.abspath(sys.argv[2])):
        words = line.split(" ")
        if words[0] == "type":
            shown = not is_left_out(words[1])
        inner = re.search(r"@([^\]} ]+)", line)
        if shown and not (inner and is_left_out(inner[1])):
            print(line)


main()
