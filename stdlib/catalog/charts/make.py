#!/usr/bin/env python3
"""Writes `values.txt`: which keys of values the charts know that platforms are made of, version by version.

  python3 stdlib/catalog/charts/make.py FOLDER [CHART ..] > stdlib/catalog/charts/values.txt

FOLDER holds a clone of each repository below, `<owner>+<name>` with all tags. Of every minor version the first and the last release is read. A key is
known where values.yaml has it, where the chart's values.schema.json has it, or where a template reads it. A map is open, which means that any key may
stand in it, where values.yaml has it empty or as no map, where a template takes it as a whole (`toYaml .Values.nodeSelector`), where the
schema allows further properties, and where it belongs to a chart below (`grafana` of kube-prometheus-stack, `global`).

The table:

  chart NAME                 a chart, and below it
   from ADDRESS ..           parts of the addresses by which it is known
   versions FIRST LAST       what was read
   refuses FIRST             from here on its schema refuses unknown keys at the root, so that nothing is installed
  PATH KEY ..                the keys of a map, `.` for the root; steps of a path are divided by `/`
   KEY ..                    and more of them

A key: its name; `*` where it is open or a leaf; `>VERSION` the first version that has it, and `<VERSION` the last one, where it came or went between
FIRST and LAST.
"""
import io
import json
import re
import subprocess
import sys
import tarfile

import yaml

FOLDER = sys.argv[1]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ODD = re.compile(r"[\s/@*<>=]")


class Repo:
    def __init__(self, name):
        self.path = f"{FOLDER}/{name.replace('/', '+')}"
        for candidate in (self.path, self.path + "/repo", self.path + "/.git"):
            if subprocess.run(["git", "-C", candidate, "rev-parse"], capture_output=True).returncode == 0:
                self.path = candidate
                break

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.path, *arguments], capture_output=True, check=True).stdout


def number(text):
    """A stable version as three numbers, or None."""
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else None


def shown(version):
    return ".".join(map(str, version))


def ends_of_minors(versions):
    """The first and the last release of each minor version."""
    lines = {}
    for version in sorted(versions):
        lines.setdefault(version[:2], []).append(version)
    return sorted({version for line in lines.values() for version in (line[0], line[-1])})


def of_tags(repository, folder, prefix):
    """The files of a chart at each tag."""
    repo = Repo(repository)

    def versions():
        tags = repo.git("tag").decode().split()
        numbers = {number(tag[len(prefix):]): tag for tag in tags if tag.startswith(prefix)}
        return {version: tag for version, tag in numbers.items() if version}

    def files(tag):
        try:
            data = repo.git("archive", tag, folder)
        except subprocess.CalledProcessError:
            return None
        return unpacked(data, folder + "/")

    return versions, files


def of_archives(repository, prefix):
    """The files of charts that stand in a repository as packed archives."""
    repo = Repo(repository)

    def versions():
        names = repo.git("ls-tree", "--name-only", "HEAD").decode().split()
        own = [name for name in names if name.startswith(prefix) and name.endswith(".tgz")]
        numbers = {number(name[len(prefix):-4]): name for name in own}
        return {version: name for version, name in numbers.items() if version}

    def files(name):
        return unpacked(repo.git("show", f"HEAD:{name}"), prefix.rstrip("-") + "/")

    return versions, files


def unpacked(data, folder):
    out = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isfile() and member.name.startswith(folder):
                out[member.name[len(folder):]] = archive.extractfile(member).read().decode("utf-8", "replace")
    return out


class Keys:
    """The keys of one version: children by name, and whether any other may stand beside them."""

    def __init__(self):
        self.children = {}
        self.open = False

    def at(self, path):
        node = self
        for step in path:
            node = node.children.setdefault(step, Keys())
        return node


def of_values(value, node):
    if not isinstance(value, dict) or not value:
        node.open = True
        return
    for key, inner in value.items():
        of_values(inner, node.at([str(key)]))


def of_schema(schema, root, node, depth=0):
    for _ in range(8):
        reference = schema.get("$ref", "")
        if not reference.startswith("#/"):
            break
        target = root
        for step in reference[2:].split("/"):
            target = target.get(step, {})
        schema = target
    if "$ref" in schema and not schema["$ref"].startswith("#/"):
        node.open = True
        return
    properties = schema.get("properties", {})
    if not properties or schema.get("patternProperties") or schema.get("additionalProperties") not in (None, False):
        node.open = True
    if depth < 30:
        for key, inner in properties.items():
            of_schema(inner if isinstance(inner, dict) else {}, root, node.at([key]), depth + 1)


ACTION = re.compile(r"\{\{-?(.*?)-?\}\}", re.S)
WORD = r"[A-Za-z_]\w*"
REFERENCE = re.compile(rf"(?<![\w.)\"])(\$\w*)?((?:\.{WORD})*)(?![\w.])")
CALL = re.compile(r'\b(?:include|template)\s+"([^"]+)"\s+')
KEYWORD = re.compile(r"(else\s+if|else\s+with|else|if|with|range|define|block|end)\b")


class Templates:
    """What templates read, and which maps they take as a whole.

    A place is a tuple of steps from the root that templates get, `("Values", "image", "tag")`; what is not known is None, and the dot of a
    template that is given a `dict` is a dict of places.
    """

    def __init__(self, texts, node):
        self.node = node
        self.defined = {}
        self.done = set()
        self.takes_all = False
        main = []
        for text in texts:
            text = re.sub(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", "", text, flags=re.S)
            main.append(self.divide([action.strip() for action in ACTION.findall(text)]))
        for actions in main:
            self.run(actions, ())
        called = {name for name, _ in self.done}
        for name, actions in self.defined.items():
            if name not in called:
                self.run(actions, ())

    def divide(self, actions):
        """Takes definitions out of a file's actions."""
        rest, stack, own = [], [], None
        for action in actions:
            keyword = KEYWORD.match(action)
            keyword = keyword.group(1) if keyword else ""
            if keyword == "define":
                stack.append(own)
                name = re.search(r'"([^"]+)"', action).group(1)
                own = self.defined.setdefault(name, [])
                continue
            if keyword in ("if", "with", "range", "block"):
                stack.append(0)
            elif keyword == "end" and stack:
                before = stack.pop()
                if before != 0:
                    own = before
                    continue
            (rest if own is None else own).append(action)
        return rest

    def run(self, actions, start):
        dots, dot, variables = [], start, {"$": start}
        for body in actions:
            keyword = KEYWORD.match(body)
            keyword = keyword.group(1) if keyword else ""
            rest = body[len(keyword):].strip()
            if keyword == "end":
                dot = dots.pop() if dots else start
                continue
            if keyword in ("if", "with", "range", "block"):
                dots.append(dot)
            elif keyword in ("else", "else with") and dots:
                dot = dots[-1]
            sole = self.action(rest, keyword, dot, variables)
            if keyword in ("with", "else with"):
                dot = sole
            elif keyword in ("range", "block"):
                dot = None

    def resolve(self, name, steps, dot, variables):
        place = variables.get(name) if name else dot
        if isinstance(place, dict):
            if not steps:
                return place
            place, steps = place.get(steps[0]), steps[1:]
        if place is None:
            # Templates that are called with the root are often called from where it is not seen.
            return tuple(steps) if steps[:1] == ["Values"] else None
        return place + tuple(steps)

    def call(self, text, dot, variables):
        """Follows calls of templates, and gives the text without what was followed."""
        while found := CALL.search(text):
            name, at = found.group(1), found.end()
            argument, end = self.argument(text, at, dot, variables)
            if argument is not None and name in self.defined:
                mark = (name, repr(argument))
                if mark not in self.done:
                    self.done.add(mark)
                    self.run(self.defined[name], argument)
                text = text[:found.start()] + '""' + text[end:]
            else:
                text = text[:found.start()] + '""' + text[at:]
        return text

    def argument(self, text, at, dot, variables):
        plain = re.compile(r"(\$\w*)?((?:\.\w+)+|\.)?(?=[\s)|]|$)").match(text, at)
        if plain and plain.group(0):
            steps = [step for step in (plain.group(2) or "").split(".") if step]
            return self.resolve(plain.group(1), steps, dot, variables), plain.end()
        opens = re.compile(r"\(\s*dict\s+").match(text, at)
        if not opens:
            return None, at
        depth, words, word, here, quoted = 1, [], "", opens.end(), False
        while here < len(text) and depth:
            letter = text[here]
            quoted ^= letter == '"'
            depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
            if depth == 1 and letter.isspace() and not quoted:
                words.append(word)
                word = ""
            elif depth:
                word += letter
            here += 1
        words = [it for it in [*words, word] if it]
        out = {}
        for key, value in zip(words[::2], words[1::2]):
            one = re.fullmatch(r"(\$\w*)?((?:\.\w+)+|\.)?", value)
            if one:
                steps = [step for step in (one.group(2) or "").split(".") if step]
                out[key.strip('"')] = self.resolve(one.group(1), steps, dot, variables)
            else:
                self.action(value, "", dot, variables)
        return out, here

    def take(self, place):
        """A template uses a place as a whole."""
        for one in place.values() if isinstance(place, dict) else [place]:
            if one and one[0] == "Values":
                if len(one) > 1:
                    self.node.at(one[1:]).open = True
                else:
                    self.takes_all = True

    def action(self, text, keyword, dot, variables):
        """Notes what an action reads. Gives the place that it is, where it is nothing but one."""
        assigned = re.match(r"(\$\w+)\s*:?=\s*", text)
        body = text[assigned.end():] if assigned else text
        body = self.call(body, dot, variables)
        bare = re.sub(r'"(?:\\.|[^"\\])*"|`[^`]*`', lambda it: '"' * len(it.group()), body)
        is_test = keyword in ("if", "else if") and not assigned
        sole = None
        for match in REFERENCE.finditer(bare):
            name, steps = match.group(1), [step for step in match.group(2).split(".") if step]
            if not match.group(0):
                continue
            place = self.resolve(name, steps, dot, variables)
            if place is None:
                continue
            before, after = body[:match.start()], body[match.end():]
            looked = re.match(r'\s+((?:"[\w./-]+"\s*)+)', after)
            is_looked_up = looked and re.search(r"\b(index|get|hasKey)\s*\(?\s*$", before)
            if is_looked_up and not isinstance(place, dict):
                place += tuple(re.findall(r'"([\w./-]+)"', looked.group(1)))
            if match.group(0) == body.strip():
                sole = place
                if keyword in ("with", "else with") or assigned:
                    continue
            if isinstance(place, tuple) and place[:1] == ("Values",) and len(place) > 1:
                self.node.at(place[1:])
            dug = re.search(r'\bdig\s+((?:"[\w-]+"\s+)+)', body)
            if dug and isinstance(place, tuple) and place[:1] == ("Values",):
                self.node.at(place[1:] + tuple(re.findall(r'"([\w-]+)"', dug.group(1)))).open = True
            elif not is_test:
                self.take(place)
        if dot and not is_test and re.search(r'(?<![\w$."])\.(?![\w."])', bare):
            if bare.strip() == ".":
                sole = dot
            if not (sole and (keyword or assigned)):
                self.take(dot)
        if assigned:
            variables[assigned.group(1)] = sole
        return sole


def read(files, notes):
    """The keys of a chart."""
    root = Keys()
    values = yaml.load(files.get("values.yaml", "").replace("\t", "  "), LOADER) or {}
    of_values(values, root)
    schema = files.get("values.schema.json")
    refuses = False
    if schema:
        schema = json.loads(schema)
        top = schema
        while top.get("$ref", "").startswith("#/"):
            target = schema
            for step in top["$ref"][2:].split("/"):
                target = target.get(step, {})
            top = target
        refuses = top.get("additionalProperties") is False
        if top.get("properties"):
            of_schema(schema, schema, root)
    is_template = lambda name: name.startswith(("templates/", "files/")) and not name.startswith("templates/tests/")
    if Templates([text for name, text in files.items() if is_template(name)], root).takes_all:
        notes.add("all of the values")
    for name in ("Chart.yaml", "requirements.yaml"):
        for below in (yaml.load(files.get(name) or "", LOADER) or {}).get("dependencies") or []:
            own = root.at([below.get("alias") or below["name"]])
            own.open, own.children = True, {}
            for condition in (below.get("condition") or "").split(","):
                if condition.strip():
                    root.at(condition.strip().split(".")).open = True
    root.open = False
    for always in ("global", "enabled"):
        root.at([always]).open = True
    return root, refuses


class Merged:
    """A key over all versions."""

    def __init__(self):
        self.children = {}
        self.open = False
        self.first = self.last = None


def merge(into, node, version):
    into.first = into.first or version
    into.last = version
    # What is read without having keys of its own is a leaf.
    into.open |= node.open or not node.children or any(ODD.search(key) for key in node.children)
    for key, child in node.children.items():
        if not ODD.search(key):
            merge(into.children.setdefault(key, Merged()), child, version)


def write(chart, addresses, versions, files, out, since):
    all_versions = {version: at for version, at in versions().items() if version >= since}
    notes = set()
    root = Merged()
    refuses = None
    read_versions = []
    for version in ends_of_minors(all_versions):
        of_chart = files(all_versions[version])
        if not of_chart or "values.yaml" not in of_chart:
            continue
        keys, refuses_now = read(of_chart, notes)
        refuses = (refuses or version) if refuses_now else None
        merge(root, keys, version)
        read_versions.append(version)
    first, last = read_versions[0], read_versions[-1]
    for note in sorted(notes):
        print(f"{chart}: a template takes {note}", file=sys.stderr)
    print(f"{chart}: {len(read_versions)} versions", file=sys.stderr)
    out.append(f"chart {chart}")
    out.append(" from " + " ".join(addresses))
    out.append(f" versions {shown(first)} {shown(last)}")
    if refuses:
        out.append(f" refuses {shown(refuses)}")
    lines(root, [], first, last, out)


def lines(node, path, first, last, out):
    words = []
    for key, child in sorted(node.children.items()):
        word = key + ("*" if child.open else "")
        if child.first != first:
            word += ">" + shown(child.first)
        if child.last != last:
            word += "<" + shown(child.last)
        words.append(word)
    line = "/".join(path) or "."
    for word in words:
        if len(line) + len(word) > 138:
            out.append(line)
            line = ""
        line += " " + word
    out.append(line)
    for key, child in sorted(node.children.items()):
        if child.children and not child.open:
            lines(child, [*path, key], first, last, out)


# Name, addresses, where the files are, and the release to begin with.
CHARTS = [
    ("argo-cd", ["argoproj.github.io/argo-helm", "ghcr.io/argoproj/argo-helm"], of_tags("argoproj/argo-helm", "charts/argo-cd", "argo-cd-"), (5, 0, 0)),
    ("cert-manager", ["charts.jetstack.io", "quay.io/jetstack/charts"], of_tags("cert-manager/cert-manager", "deploy/charts/cert-manager", "v"), (1, 8, 0)),
    ("cilium", ["helm.cilium.io", "quay.io/cilium/charts"], of_archives("cilium/charts", "cilium-"), (1, 12, 0)),
    ("external-dns", ["kubernetes-sigs.github.io/external-dns"], of_tags("kubernetes-sigs/external-dns", "charts/external-dns", "external-dns-helm-chart-"), (1, 7, 0)),
    ("external-dns", ["charts.bitnami.com/bitnami", "registry-1.docker.io/bitnamicharts"], of_tags("bitnami/charts", "bitnami/external-dns", "external-dns/"), (5, 0, 0)),
    ("external-secrets", ["charts.external-secrets.io", "ghcr.io/external-secrets/charts"], of_tags("external-secrets/external-secrets", "deploy/charts/external-secrets", "helm-chart-"), (0, 5, 0)),
    ("gatekeeper", ["open-policy-agent.github.io/gatekeeper"], of_tags("open-policy-agent/gatekeeper", "charts/gatekeeper", "v"), (3, 8, 0)),
    ("kube-prometheus-stack", ["prometheus-community.github.io/helm-charts", "ghcr.io/prometheus-community/charts"], of_tags("prometheus-community/helm-charts", "charts/kube-prometheus-stack", "kube-prometheus-stack-"), (40, 0, 0)),
    ("longhorn", ["charts.longhorn.io"], of_tags("longhorn/longhorn", "chart", "v"), (1, 3, 0)),
]

if __name__ == "__main__":
    result = [line for line in __doc__.split("The table:")[0].split("\n\n", 2)[2].strip().splitlines()]
    result = ["# " + line if line else "#" for line in ["Which keys of values charts know. Made by make.py, which says how to read it.", ""] + result]
    for chart, addresses, (versions, files), since in CHARTS:
        if len(sys.argv) > 2 and chart not in sys.argv[2:]:
            continue
        write(chart, addresses, versions, files, result, since)
    print("\n".join(result))
