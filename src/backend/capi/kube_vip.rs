//! kube-vip: the address of the API server, announced by one control-plane machine at a time.

use crate::backend::Node;
use crate::backend::k8s::text;
use crate::eval::Origin;

/// The image. The tag is for people; the digest decides.
const IMAGE: &str = "ghcr.io/kube-vip/kube-vip:v1.0.4@sha256:5e0d817bfa35f922e7ca5cf5fa88f30b71a88ab4837e550185b1c97bcef818c2";

/// A patch's template for a file of a control-plane machine: kube-vip as a static pod. Unless told otherwise, it announces the address
/// on the interface of the default route.
pub(super) fn file_template(interface: Option<&str>) -> String {
    let interface = interface.map_or_else(String::new, |name| {
        format!("\n          - name: vip_interface\n            value: \"{name}\"")
    });
    format!(
        r#"path: /etc/kubernetes/manifests/kube-vip.yaml
owner: root:root
permissions: "0600"
content: |
  apiVersion: v1
  kind: Pod
  metadata:
    name: kube-vip
    namespace: kube-system
  spec:
    hostNetwork: true
    priorityClassName: system-node-critical
    hostAliases:
      - ip: 127.0.0.1
        hostnames: [kubernetes]
    containers:
      - name: kube-vip
        image: {IMAGE}
        imagePullPolicy: IfNotPresent
        args: [manager]
        env:
          - name: cp_enable
            value: "true"
          - name: cp_namespace
            value: kube-system
          - name: vip_arp
            value: "true"{interface}
          - name: vip_subnet
            value: '{{{{ if contains ":" .controlPlaneEndpoint.host }}}}128{{{{ else }}}}32{{{{ end }}}}'
          - name: vip_nodename
            valueFrom:
              fieldRef:
                fieldPath: spec.nodeName
          - name: vip_leaderelection
            value: "true"
          - name: vip_leaseduration
            value: "15"
          - name: vip_renewdeadline
            value: "10"
          - name: vip_retryperiod
            value: "2"
          - name: address
            value: "{{{{ .controlPlaneEndpoint.host }}}}"
          - name: port
            value: "{{{{ .controlPlaneEndpoint.port }}}}"
        securityContext:
          capabilities:
            drop: [ALL]
            add: [NET_ADMIN, NET_RAW]
        volumeMounts:
          - name: kubeconfig
            mountPath: /etc/kubernetes/admin.conf
    volumes:
      - name: kubeconfig
        hostPath:
          path: /etc/kubernetes/admin.conf
          type: FileOrCreate
"#
    )
}

/// While `kubeadm init` runs, only `super-admin.conf` may already do anything: kube-vip needs it to take its lease.
pub(super) fn before_kubeadm<'a>() -> Node<'a> {
    text(
        "if [ -f /run/kubeadm/kubeadm.yaml ]; then \
         sed -i 's#path: /etc/kubernetes/admin.conf#path: /etc/kubernetes/super-admin.conf#' \
         /etc/kubernetes/manifests/kube-vip.yaml; fi",
        Origin::rule("the first control-plane machine starts kube-vip as super-admin"),
    )
}

/// Afterwards kube-vip goes back to what it may do for good.
pub(super) fn after_kubeadm<'a>() -> Node<'a> {
    text(
        "sed -i 's#path: /etc/kubernetes/super-admin.conf#path: /etc/kubernetes/admin.conf#' \
         /etc/kubernetes/manifests/kube-vip.yaml",
        Origin::rule("kube-vip keeps super-admin no longer than it must"),
    )
}
