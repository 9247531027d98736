#!/usr/bin/env python3
"""Writes a table an exporter, `<exporter>.txt`, and `usage.txt`, from a folder of JSON files.

  python3 stdlib/catalog/metrics/make.py FOLDER            writes the tables
  python3 stdlib/catalog/metrics/make.py --check FOLDER    says what of the folder is in no table, and what `corrections.txt` changes

FOLDER holds `metrics/<exporter>.json`, a file an exporter: {exporter, version, method, completeness, since_baseline, metrics: [{name, type, labels,
source, unit, since, until, label_values, label_changes, ..}]}; and `metrics-usage-mined.json`, the names that public rules and dashboards query.
They were read out of the exporters' sources and documentation. What was found to be wrong or missing there stands in `corrections.txt`, in the
tables' own form, and wins. What is known of exporters as a whole (how complete the list is, which prefixes are theirs, how they are scraped) is
written by hand in `exporters.txt`.

A table's line is a metric: its name, its type, its own labels, and clauses after ` ; `:

  kube_pod_status_phase gauge namespace phase=Failed|Pending|Running|Succeeded|Unknown pod uid ; stability stable

  TYPE?            the type was inferred from the name or the description
  LABEL=a|b        all values that the label can have
  PREFIX*          labels with this prefix, by what objects carry
  *                any label: the series of others, or what configuration adds
  unit U           what is counted
  since V          first release of those that were read which has it; `>V` newer than the last that was read
  until V          last release of those that were read which has it
  replaced N ..    what tells the same today
  at V LABELS      its labels from this release on, `-` for none, where they were others before
  widened WHY      some of the labels may not be there: they belong to the exporter as a whole
  partial          further labels may exist
  doubt WHY        not read in a source
  stability S, otel U, group G, note TEXT"""
import collections
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = {"core": "cores", "timestamp": "timestamp", "seconds since epoch": "timestamp"}
# What stands in a column of units and is none.
NO_UNITS = ("bool", "integer")


def unit(text):
    if text in NO_UNITS or "`" in text:
        return None
    return UNITS.get(text, text)


def since(text):
    return text.replace("after ", ">") if text.startswith("after ") else text


def row(metric):
    """A line of the table."""
    values = metric.get("label_values", {})
    words = [metric["name"], metric["type"] + ("?" if metric.get("type_inferred") else "")]
    for label in sorted(metric["labels"]):
        words.append(label + ("=" + "|".join(values[label]) if label in values else ""))
    words += [prefix + "*" for prefix in metric.get("dynamic_label_prefix", [])]
    if metric.get("dynamic_labels"):
        words.append("*")
    out = [" ".join(words)]
    clause = lambda key, value: out.append(f"{key} {value}")
    if "unit" in metric and unit(metric["unit"]):
        clause("unit", unit(metric["unit"]))
    if "since" in metric:
        clause("since", since(metric["since"]))
    until = metric.get("until", "")
    if until.startswith("replaced by "):
        name, why = until[len("replaced by "):].split(" ", 1)
        clause("until", "?")
        clause("replaced", name)
        clause("note", "replaced in " + why.strip("()"))
    elif until:
        clause("until", until)
    for change in metric.get("label_changes", []):
        for version, labels in change.items():
            clause("at", " ".join([version.replace("HEAD", ">")] + (sorted(labels) or ["-"])))
    if "labels_widened" in metric:
        clause("widened", metric["labels_widened"])
    if metric.get("labels_incomplete"):
        out.append("partial")
    if "confidence" in metric:
        clause("doubt", metric["confidence"])
    stability = metric.get("StabilityLevel", metric.get("stability", "")).lower()
    if "DeprecatedVersion" in metric:
        stability = "deprecated"
    if stability:
        clause("stability", stability)
    for key in ("otel_unit", "group"):
        if metric.get(key, "") not in ("", "-"):
            clause(key.split("_")[0], metric[key])
    if "note" in metric:
        clause("note", metric["note"])
    return " ; ".join(out)


def read_corrections():
    """Exporter -> name -> (source, line or None), where None takes the metric away."""
    found = collections.defaultdict(dict)
    exporter = source = ""
    with open(os.path.join(HERE, "corrections.txt")) as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if line.startswith("exporter "):
                exporter = line.split(" ", 1)[1]
            elif line.startswith("@ "):
                source = line[2:]
            elif line.startswith("samples "):
                found[exporter]["samples"] = ("", line)
            elif line.startswith("+ "):
                words = line[2:].split(" ", 1)
                found[exporter][words[0]] = ("+", words[1])
            elif line.startswith("- "):
                for name in line[2:].split(" "):
                    found[exporter][name] = ("", None)
            else:
                found[exporter][line.split(" ", 1)[0]] = (source, line)
    return found


def amended(line, change):
    """A line with the words and clauses of `+` put into it."""
    head, *clauses = line.split(" ; ")
    words, *more = change.split(" ; ")
    if words.startswith("; "):
        words, more = "", [words[2:]] + more
    name, type_, *labels = head.split(" ")
    for word in words.split():
        if word.startswith("-"):
            gone = [it for it in labels if it.split("=")[0] == word[1:]]
            if not gone:
                sys.exit(f"corrections.txt: {name} has no {word[1:]}")
            labels.remove(gone[0])
        else:
            labels.append(word)
    plain = sorted(it for it in labels if not it.endswith("*"))
    for clause in more:
        key = clause.split(" ")[0]
        # What was before stands before what came later.
        if key != "at":
            clauses = [it for it in clauses if it.split(" ")[0] != key]
        if not clause.endswith(" -"):
            clauses.insert(0, clause)
    return " ; ".join([" ".join([name, type_] + plain + [it for it in labels if it.endswith("*")])] + clauses)


def table(data, corrections):
    """Source -> lines of one exporter."""
    rows = {}
    for metric in data.get("metrics", []):
        rows[metric["name"]] = (metric["source"], row(metric))
    for name, (source, line) in corrections.items():
        if source == "+":
            rows[name] = (rows[name][0], amended(rows[name][1], line))
        elif name != "samples":
            rows[name] = (source, line)
    by_source = collections.defaultdict(list)
    for name in sorted(rows):
        source, line = rows[name]
        if line is not None:
            by_source[source].append(line)
    return by_source


def write(name, data, corrections):
    by_source = table(data, corrections)
    out = [f"# Metrics of {name}. Made by make.py; see there for the form."]
    if data:
        out += [f"# Read: {data['version']}, by {data['method']}.", f"# Covers: {data['completeness'].rstrip(': ')}."]
    samples = " ".join(["samples"] + data.get("since_baseline", []))
    samples = corrections.get("samples", ("", samples))[1]
    if samples != "samples":
        out.append(samples)
    for source in sorted(by_source):
        out.append(f"@ {source}")
        out += by_source[source]
    with open(os.path.join(HERE, name + ".txt"), "w") as file:
        file.write("\n".join(out) + "\n")


def load(folder):
    found = {}
    for name in sorted(os.listdir(os.path.join(folder, "metrics"))):
        if name.endswith(".json"):
            with open(os.path.join(folder, "metrics", name)) as file:
                data = json.load(file)
                found[data["exporter"]] = data
    return found


def write_usage(folder, known):
    with open(os.path.join(folder, "metrics-usage-mined.json")) as file:
        data = json.load(file)
    sources = sorted({metric["source"] for metric in data["metrics"]})
    out = [
        "# Names that are only known from queries: their types and labels are what the queries assume. Made by make.py.",
        "# From: " + "; ".join(sources) + ".",
    ]
    for metric in sorted(data["metrics"], key=lambda it: it["name"]):
        if metric["name"] not in known:
            out.append(" ".join([metric["name"], metric["type"]] + sorted(metric["labels"])))
    with open(os.path.join(HERE, "usage.txt"), "w") as file:
        file.write("\n".join(out) + "\n")


def check(folder, exporters, corrections):
    """Reads the tables again, and compares them fact by fact with the folder."""
    wrong = 0
    count = 0
    for name, data in exporters.items():
        rows = {}
        source = ""
        with open(os.path.join(HERE, name + ".txt")) as file:
            for line in file.read().splitlines():
                if line.startswith("@ "):
                    source = line[2:]
                elif line and not line.startswith(("#", "samples ")):
                    rows[line.split(" ", 1)[0]] = (source, line)
        for metric in data["metrics"]:
            if metric["name"] in corrections[name]:
                print(f"corrected: {name} {metric['name']}")
                continue
            count += 1
            source, line = rows.get(metric["name"], ("", ""))
            if not holds(metric, source, line):
                wrong += 1
                print(f"missing: {name} {json.dumps(metric)}\n         {line}")
    print(f"{count} metrics hold, {wrong} do not")
    return wrong == 0


def holds(metric, source, line):
    """Whether a line tells every fact of a metric. It reads the line by itself, not with the code that wrote it."""
    head, *clauses = line.split(" ; ")
    told = collections.defaultdict(list)
    for clause in clauses:
        key, _, value = clause.partition(" ")
        told[key].append(value)
    words = head.split(" ")
    if len(words) < 2 or words[0] != metric["name"] or source != metric["source"]:
        return False
    labels = [word.split("=")[0] for word in words[2:] if not word.endswith("*")]
    values = {word.split("=")[0]: word.split("=")[1].split("|") for word in words[2:] if "=" in word}
    changes = [value.split(" ") for value in told["at"]]
    facts = [
        words[1].rstrip("?") == metric["type"],
        words[1].endswith("?") == metric.get("type_inferred", False),
        sorted(labels) == sorted(metric["labels"]),
        values == metric.get("label_values", {}),
        [word[:-1] for word in words[2:] if word.endswith("*") and word != "*"] == metric.get("dynamic_label_prefix", []),
        ("*" in words) == metric.get("dynamic_labels", False),
        (told["unit"] or [None])[0] == (unit(metric["unit"]) if "unit" in metric else None),
        (told["since"] or [""])[0].replace(">", "after ") == metric.get("since", ""),
        bool(told["until"]) == bool(metric.get("removed")),
        len(changes) == len(metric.get("label_changes", [])),
        ("partial" in told) == metric.get("labels_incomplete", False),
        (told["widened"] or [None])[0] == metric.get("labels_widened"),
        (told["doubt"] or [None])[0] == metric.get("confidence"),
    ]
    if metric.get("until", "v").startswith("v"):
        facts.append((told["until"] or [None])[0] == metric.get("until"))
    else:
        facts.append(told["replaced"][0] in metric["until"])
    for [version, *labels], change in zip(changes, metric.get("label_changes", [])):
        facts.append({version.replace(">", "HEAD"): [it for it in labels if it != "-"]} == change)
    return all(facts)


def main():
    arguments = [it for it in sys.argv[1:] if it != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    exporters = load(arguments[0])
    corrections = read_corrections()
    if "--check" in sys.argv:
        sys.exit(0 if check(arguments[0], exporters, corrections) else 1)
    for name in sorted(set(exporters) | set(corrections)):
        write(name, exporters.get(name, {}), corrections[name])
    known = {metric["name"] for data in exporters.values() for metric in data["metrics"]}
    known |= {metric for rows in corrections.values() for metric in rows if metric != "samples"}
    write_usage(arguments[0], known)


main()
