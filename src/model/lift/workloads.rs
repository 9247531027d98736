//! The structs of what runs.

use super::{Lift, Origin, Reader, Shape, Value};

records! {
    /// The structs of what runs.
    OF_WORKLOADS:
    Policy<'a> = "Policy" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        description = "description", r#match = "match", except = "except", action = "action", engine = "engine",
        rego = "rego", cel = "cel", message = "message", param = "param", workloads = "workloads", test = "test",
    }
    PolicyMatch<'a> = "PolicyMatch" {
        kinds = "kinds", namespaces = "namespaces", labels = "labels", scope = "scope",
    }
    PolicyCase<'a> = "PolicyCase" { name = "name", object = "object", violations = "violations" }
    Container<'a> = "Container" {
        name = "name", image = "image", command = "command", args = "args", env = "env", cpu = "cpu",
        memory = "memory",
    }
    PodField = "PodField" { field = "field" }
    ProbeBase<'a> = "ProbeBase" {
        delay = "delay", every = "every", timeout = "timeout", failures = "failures",
    }
    HttpProbe<'a> = "HttpProbe" extends "ProbeBase" { port = "port", path = "path", scheme = "scheme" }
    TcpProbe<'a> = "TcpProbe" extends "ProbeBase" { port = "port" }
    GrpcProbe<'a> = "GrpcProbe" extends "ProbeBase" { port = "port", service = "service" }
    CommandProbe<'a> = "CommandProbe" extends "ProbeBase" { command = "command" }
    Probes<'a> = "Probes" {
        readiness = "readiness", liveness = "liveness", startup = "startup", from_ports = "from-ports",
    }
    Security<'a> = "Security" {
        user = "user", group = "group", root = "root", writable_root = "writable-root",
        capabilities = "capabilities", host_network = "host-network",
        service_account_token = "service-account-token",
    }
    Toleration<'a> = "Toleration" { value = "value", effect = "effect" }
    File<'a> = "File" { text = "text", mode = "mode" }
    Workload<'a> = "Workload" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", image = "image", shape = "shape", replicas = "replicas", scale = "scale",
        cpu = "cpu", memory = "memory", command = "command", args = "args", env = "env", file = "file",
        port = "port", volume = "volume", expose = "expose", probes = "probes", security = "security",
        disruption = "disruption", stop_timeout = "stop-timeout", schedule_on = "schedule-on",
        tolerate = "tolerate", spread = "spread", metric = "metric", init = "init", sidecar = "sidecar",
    }
    Port<'a> = "Port" { name = "name", number = "number", protocol = "protocol", scrape = "scrape" }
    PortScrape<'a> = "PortScrape" {
        path = "path", interval = "interval", timeout = "timeout", honor_labels = "honor-labels",
    }
    Expose<'a> = "Expose" {
        name = "name", host = "host", path = "path", gateway = "gateway", class = "class", tls = "tls", issuer = "issuer",
        certificate = "certificate",
    }
    GatewayListener = "GatewayListener" { name = "name", namespace = "namespace", listener = "listener" }
    Volume<'a> = "Volume" {
        mount = "mount", size = "size", class = "class", access = "access", empty = "empty",
        read_only = "read-only",
    }
    Scale<'a> = "Scale" { replicas = "replicas", cpu = "cpu", memory = "memory" }
    Job<'a> = "Job" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", image = "image", schedule = "schedule", time_zone = "time-zone",
        script = "script", command = "command", args = "args", env = "env", file = "file", volume = "volume",
        cpu = "cpu", memory = "memory", deadline = "deadline", retries = "retries", overlap = "overlap",
        start_within = "start-within", keep = "keep", suspended = "suspended", security = "security",
        schedule_on = "schedule-on", tolerate = "tolerate",
    }
    KeptRuns = "KeptRuns" { done = "done", failed = "failed" }
    Database<'a> = "Database" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", postgres = "postgres", image = "image", instances = "instances",
        synchronous = "synchronous", storage = "storage", wal_storage = "wal-storage", cpu = "cpu",
        memory = "memory", database = "database", owner = "owner", parameters = "parameters",
        backup = "backup", pooler = "pooler", scrape = "scrape", schedule_on = "schedule-on",
        tolerate = "tolerate", spread = "spread",
    }
    DatabaseBackup<'a> = "DatabaseBackup" {
        target = "target", schedule = "schedule", retention = "retention", compression = "compression",
    }
    BackupBase<'a> = "BackupBase" {
        clusters = "clusters", labels = "labels", annotations = "annotations", name = "name",
        namespace = "namespace", schedule = "schedule", time_zone = "time-zone", rpo = "rpo", rto = "rto",
        retention = "retention", target = "target", budget = "budget", alerts = "alerts", severity = "severity",
    }
    Etcd<'a> = "Etcd" extends "BackupBase" {
        etcd_image = "etcd-image", restic_image = "restic-image", talosctl_image = "talosctl-image",
        password = "password", snapshot_limit = "snapshot-limit", deadline = "deadline", retries = "retries",
        cpu = "cpu", memory = "memory", drill = "drill",
    }
    Namespaces<'a> = "Namespaces" extends "BackupBase" {
        namespaces = "namespaces", volumes = "volumes", deadline = "deadline", size = "size", credentials = "credentials",
    }
    Volumes<'a> = "Volumes" extends "BackupBase" {
        groups = "groups", at_once = "at-once", deadline = "deadline", size = "size", credentials = "credentials",
    }
    Drill<'a> = "Drill" { schedule = "schedule", minimum_keys = "minimum-keys" }
    S3<'a> = "S3" {
        bucket = "bucket", prefix = "prefix", region = "region", endpoint = "endpoint",
        access_key = "access-key", secret_key = "secret-key",
    }
    Pooler<'a> = "Pooler" {
        name = "name", instances = "instances", to = "to", mode = "mode", parameters = "parameters",
        cpu = "cpu", memory = "memory",
    }
}
