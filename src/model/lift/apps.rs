//! The structs of `apps`.

use super::{Lift, Origin, Reader, Shape, Value};

records! {
    /// The structs of `apps`.
    OF_APPS:
    Apps<'a> = "Apps" {
        clusters = "clusters", set = "set", project = "project", from = "from", union = "union", merge = "merge", name = "name",
        namespace = "namespace", destination = "destination", source = "source", labels = "labels",
        annotations = "annotations", sync = "sync", create_namespace = "create-namespace", ignore = "ignore",
        guard = "guard", history = "history", keep = "keep",
    }
    AppSource<'a> = "AppSource" {
        repository = "repository", path = "path", revision = "revision", chart = "chart", helm = "helm",
        kustomize = "kustomize",
    }
    AppChart<'a> = "AppChart" { repo = "repo", name = "name", version = "version" }
    AppHelm<'a> = "AppHelm" {
        values = "values", value_files = "value-files", ignore_missing = "ignore-missing", release = "release",
    }
    AppKustomize<'a> = "AppKustomize" { images = "images", name_suffix = "name-suffix", labels = "labels" }
    NamespaceGuard<'a> = "NamespaceGuard" { pod_security = "pod-security", quota = "quota", limits = "limits", network = "network" }
    GitDirectories<'a> = "GitDirectories" {
        repository = "repository", paths = "paths", exclude = "exclude", revision = "revision", every = "every",
    }
    GitFiles<'a> = "GitFiles" {
        repository = "repository", paths = "paths", exclude = "exclude", shape = "shape", revision = "revision",
        every = "every",
    }
    Elements<'a> = "List" { elements = "elements" }
    ClusterChoice<'a> = "Clusters" { environment = "environment", labels = "labels" }
    GitHubPullRequests<'a> = "GitHubPullRequests" {
        owner = "owner", repo = "repo", api = "api", token = "token", labels = "labels", target = "target",
        every = "every", expires = "expires",
    }
    GitLabMergeRequests<'a> = "GitLabMergeRequests" {
        project = "project", api = "api", token = "token", labels = "labels", target = "target", every = "every",
        expires = "expires",
    }
    Expiry<'a> = "Expiry" { after = "after", image = "image", schedule = "schedule" }
    GitHubRepositories<'a> = "GitHubRepositories" {
        organization = "organization", api = "api", token = "token", all_branches = "all-branches",
        matching = "matching", having = "having", label = "label", every = "every",
    }
    GitLabProjects<'a> = "GitLabProjects" {
        group = "group", api = "api", token = "token", subgroups = "subgroups", all_branches = "all-branches",
        matching = "matching", having = "having", every = "every",
    }
    Plugin<'a> = "Plugin" { config_map = "config-map", input = "input", shape = "shape", every = "every" }
}
