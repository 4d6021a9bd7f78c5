#!/usr/bin/env bash
# A real, throw-away, single-node Kubernetes 1.20 for tests, from Debian's packages alone.
#   cluster.sh deps|build|start|stop|status|env|ns|purge
# Everything runs in a network namespace of its own without an uplink. One pair of devices leads to the caller's namespace
# (10.255.198.1 here, .2 there), with routes to each other alone, so no packet of the cluster can leave the machine; the API is
# relayed to 127.0.0.1:$FLK_API_PORT. Every process has a pidfile; stop ends only those.
set -euo pipefail
HOME_DIR=${FLK_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/fairlead-k8s}   # cache: sources, go cache, binaries
RUN=${FLK_RUN:-$HOME_DIR/run}                    # state of one cluster, removed by stop
NS=${FLK_NS:-flk8s}                              # network namespace
API_PORT=${FLK_API_PORT:-16443}                  # on 127.0.0.1 of the caller's namespace
NODE=${FLK_NODE:-node-1}
NODE_IP=198.18.0.1 POD_CIDR=10.254.64.0/18 SVC_CIDR=198.19.0.0/16 API_SVC_IP=198.19.0.1   # RFC 2544's and private ranges
HOST_IP=10.255.198.1 LINK_IP=10.255.198.2
VER=${FLK_DEB_VERSION:-1.20.5+really1.20.2-1.1+deb12u1}
BIN=$HOME_DIR/bin; SRC=$HOME_DIR/src; KCFG=$RUN/admin.kubeconfig
NETNS=/run/netns/$NS
log() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
die() { log "ERROR: $*"; exit 1; }

deps() {
  local want=() p
  for p in golang-go etcd-server busybox-static conntrack ipset iptables iproute2 socat containerd runc \
           containernetworking-plugins openssl util-linux dpkg-dev zstd ethtool ebtables; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || want+=("$p")
  done
  [ ${#want[@]} -eq 0 ] && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${want[@]}" >/dev/null
}

build() {
  deps
  [ -x "$BIN/kubelet" ] && [ -x "$BIN/hyper" ] && { log "binaries cached in $BIN"; return; }
  mkdir -p "$SRC" "$BIN" "$HOME_DIR/gopath/src/k8s.io"
  local tree=$SRC/kubernetes-${VER%%-*}
  if [ ! -d "$tree/vendor" ]; then
    # one private deb-src list: the machine's own apt configuration stays as it is
    local apt=$HOME_DIR/apt-src; mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    # the machine's own Debian mirror, asked for source packages
    sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources > "$apt/src.sources"
    local o=(-o Dir::Etc::sourcelist="$apt/src.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
    apt-get "${o[@]}" update -qq
    (cd "$SRC" && apt-get "${o[@]}" source -qq "kubernetes=$VER")
  fi
  local k=$HOME_DIR/gopath/src/k8s.io/kubernetes; ln -sfn "$tree" "$k"
  (
    cd "$k"
    export GOCACHE=$HOME_DIR/gocache GOPATH=$HOME_DIR/gopath GO111MODULE=off GOFLAGS= GOPROXY=off CGO_ENABLED=0
    if [ ! -e vendor/github.com/modern-go/reflect2/go_above_118.go ]; then
      # vendored reflect2 1.0.1 reads Go's map iterator by its layout of before Go 1.18: with Debian's Go 1.19 the
      # API server dies ("fatal error: fault" in aeshashbody) on some objects. Debian's own 1.0.2 has the fix.
      mkdir -p "$HOME_DIR/deb"; (cd "$HOME_DIR/deb" && apt-get -o APT::Sandbox::User=root download -qq golang-github-modern-go-reflect2-dev && dpkg -x golang-github-modern-go-reflect2-dev_*.deb x)
      rm -f vendor/github.com/modern-go/reflect2/*.go vendor/github.com/modern-go/reflect2/*.s
      cp "$HOME_DIR"/deb/x/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} vendor/github.com/modern-go/reflect2/
    fi
    if [ ! -s pkg/generated/openapi/zz_generated.openapi.go ]; then   # the one generated file that the tarball lacks
      go build -o "$HOME_DIR/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
      local dirs
      dirs=$({ find pkg cmd plugin -name '*.go' -not -path '*/testdata/*'
               for s in staging/src/k8s.io/*; do find "$s" -name '*.go' -not -path '*/_examples/*' | sed 's#^staging/src/#vendor/#'; done; } |
             grep -vE '_test.go$|^vendor/k8s.io/(code-generator|sample-)' | xargs grep -l '+k8s:openapi-gen=' |
             xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
      "$HOME_DIR/openapi-gen" --logtostderr -i "$dirs" -p k8s.io/kubernetes/pkg/generated/openapi \
        -O zz_generated.openapi -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r /dev/null
    fi
    local ld="-s -w" p v=v${VER#*really}; v=${v%%-*}
    for p in k8s.io/kubernetes/vendor/k8s.io/component-base/version k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version; do
      ld="$ld -X $p.gitVersion=$v -X $p.gitMajor=1 -X $p.gitMinor=20 -X $p.gitTreeState=archive -X $p.buildDate=2021-01-13T00:00:00Z"; done
    # One program for all five daemons, without the cloud providers and the dockershim: 87 MB instead of 400 MB.
    mkdir -p cmd/flkhyper; hyper_main > cmd/flkhyper/main.go
    log "go build (about four minutes when nothing is cached)"
    go build -tags providerless,dockerless -trimpath -ldflags "$ld" -o "$BIN/hyper.tmp" ./cmd/flkhyper; mv "$BIN/hyper.tmp" "$BIN/hyper"
    command -v kubectl >/dev/null || { go build -trimpath -ldflags "$ld" -o "$BIN/kubectl" ./cmd/kubectl; }
    local c; for c in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet; do ln -sfn hyper "$BIN/$c"; done
  )
}

hyper_main() { cat <<'GO'
package main

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/restclient"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/component-base/logs"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kcm "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	sched "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	rand.Seed(time.Now().UnixNano())
	var c *cobra.Command
	norm := true
	switch filepath.Base(os.Args[0]) {
	case "kube-apiserver":
		c = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		c = kcm.NewControllerManagerCommand()
	case "kube-scheduler":
		c = sched.NewSchedulerCommand()
	case "kube-proxy":
		c = proxy.NewProxyCommand()
	case "kubelet":
		c = kubelet.NewKubeletCommand()
		norm = false
	default:
		fmt.Fprintln(os.Stderr, "call me kube-apiserver, kube-controller-manager, kube-scheduler, kube-proxy or kubelet")
		os.Exit(2)
	}
	if norm {
		pflag.CommandLine.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	}
	logs.InitLogs()
	defer logs.FlushLogs()
	if err := c.Execute(); err != nil {
		os.Exit(1)
	}
}
GO
}

in_ns() { nsenter --net="$NETNS" -- "$@"; }      # not "ip netns exec": that one remounts /sys and hides the cgroups
spawn() {  # spawn NAME cmd...: in the namespace, its own session, pidfile and log
  local n=$1; shift
  setsid nsenter --net="$NETNS" -- "$@" >"$RUN/log/$n.log" 2>&1 < /dev/null &
  note_pid "$n" $!
}
born() { awk '{print $22}' "/proc/$1/stat" 2>/dev/null; }            # start time: a reused pid has another one
note_pid() { echo "$2 $(born "$2")" > "$RUN/pid/$1"; }
alive() { local p b; read -r p b < "$RUN/pid/$1" 2>/dev/null && [ -n "$b" ] && [ "$(born "$p")" = "$b" ]; }
wait_for() { # wait_for SECONDS WHAT cmd...
  local t=$1 w=$2 i; shift 2
  for ((i = 0; i < t * 5; i++)); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
  die "$w not ready after ${t}s (logs in $RUN/log)"
}
PATH=$PATH:$BIN
kc() { kubectl --kubeconfig "$KCFG" "$@"; }

certs() {
  local d=$RUN/pki; mkdir -p "$d"; cd "$d"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=flk-ca \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  leaf() { # leaf NAME SUBJECT [SAN]
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out "$1.crt" \
      -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}") 2>/dev/null
  }
  leaf apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$NODE_IP,IP:$API_SVC_IP,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  leaf admin /O=system:masters/CN=admin
  leaf kcm /CN=system:kube-controller-manager
  leaf sched /CN=system:kube-scheduler
  leaf proxy /CN=system:kube-proxy
  leaf node "/O=system:nodes/CN=system:node:$NODE" "DNS:$NODE,IP:$NODE_IP"
  leaf front /CN=front-proxy
  openssl genrsa -out sa.key 2048 2>/dev/null; openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
  local u s
  for u in admin kcm sched proxy node; do
    s=https://127.0.0.1:6443; [ $u = admin ] && s=https://127.0.0.1:$API_PORT
    cat > "$RUN/$u.kubeconfig" <<K
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "$s", certificate-authority: $d/ca.crt}}]
users: [{name: u, user: {client-certificate: $d/$u.crt, client-key: $d/$u.key}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
K
  done
  # the same with everything inline, for a client that wants one file
  sed -e "s#certificate-authority: .*/ca.crt#certificate-authority-data: $(base64 -w0 ca.crt)#" \
      -e "s#client-certificate: [^,]*#client-certificate-data: $(base64 -w0 admin.crt)#" \
      -e "s#client-key: [^}]*#client-key-data: $(base64 -w0 admin.key)#" "$RUN/admin.kubeconfig" > "$RUN/admin-inline.kubeconfig"
  cd - >/dev/null
}

pause_image() { # the one image that every pod needs: a program that waits until it is told to end
  local r w sum; r=$(mktemp -d); w=$(mktemp -d); mkdir -p "$r/bin"; cp /bin/busybox "$r/bin/busybox"; ln -s busybox "$r/bin/sh"; ln -s busybox "$r/bin/sleep"
  tar --owner=0 --group=0 --numeric-owner --mtime=@0 --sort=name -C "$r" -cf "$w/layer.tar" .
  sum=$(sha256sum "$w/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh","-c","trap \\"exit 0\\" TERM INT; while :; do sleep 3600 \\u0026 wait $!; done"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$sum" > "$w/config.json"
  printf '[{"Config":"config.json","RepoTags":["fairlead.test/pause:1"],"Layers":["layer.tar"]}]' > "$w/manifest.json"
  tar -C "$w" -cf "$w/image.tar" manifest.json config.json layer.tar
  ctr -a "$RUN/containerd.sock" -n k8s.io images import "$w/image.tar" >/dev/null
  rm -rf "$r" "$w"
}

start() {
  [ -d "$RUN/pid" ] && die "already started ($RUN); stop first"
  [ -x "$BIN/kubelet" ] || build
  mkdir -p "$RUN"/{pid,log,etcd,cni/net.d,containerd,kubelet}
  ip netns list | grep -qw "$NS" || ip netns add "$NS"
  in_ns ip link set lo up
  in_ns ip link show flk0 >/dev/null 2>&1 || { in_ns ip link add flk0 type veth peer name flk1; in_ns ip link set flk1 up; in_ns ip addr add $NODE_IP/32 dev flk0; in_ns ip link set flk0 up
    in_ns ip route add $SVC_CIDR dev flk0; }
  # To and from whoever started it: pods reach its registry and Fairlead there, Fairlead reaches pods.
  ip link show flkh >/dev/null 2>&1 || { ip link add flkh type veth peer name flkc netns "$NS"; ip addr add $HOST_IP/30 dev flkh; ip link set flkh up
    in_ns ip addr add $LINK_IP/30 dev flkc; in_ns ip link set flkc up; ip route replace $POD_CIDR via $LINK_IP dev flkh; }
  in_ns sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true
  ip route replace unreachable 198.18.0.0/15       # in the caller's namespace: a client that tries a pod's address there gets an error, no packet leaves
  certs
  local d=$RUN/pki
  spawn etcd etcd --name e --data-dir "$RUN/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync
  wait_for 20 etcd in_ns socat -u OPEN:/dev/null TCP:127.0.0.1:2379
  local api=("$BIN/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 --bind-address=0.0.0.0 --secure-port=6443 \
    --advertise-address=$NODE_IP --service-cluster-ip-range=$SVC_CIDR --authorization-mode=Node,RBAC --allow-privileged=true \
    --client-ca-file="$d/ca.crt" --tls-cert-file="$d/apiserver.crt" --tls-private-key-file="$d/apiserver.key" \
    --kubelet-client-certificate="$d/admin.crt" --kubelet-client-key="$d/admin.key" --kubelet-certificate-authority="$d/ca.crt" \
    --kubelet-preferred-address-types=InternalIP --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$d/sa.pub" --service-account-signing-key-file="$d/sa.key" \
    --requestheader-client-ca-file="$d/ca.crt" --requestheader-allowed-names=front-proxy --requestheader-username-headers=X-Remote-User \
    --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$d/front.crt" --proxy-client-key-file="$d/front.key" --enable-aggregator-routing=true \
    --runtime-config="${FLK_RUNTIME_CONFIG:-}" --feature-gates="${FLK_FEATURE_GATES:-}")
  printf '%s\0' "${api[@]}" > "$RUN/api.args"
  spawn kube-apiserver "${api[@]}"
  spawn relay-in socat "UNIX-LISTEN:$RUN/api.sock,fork,mode=600" TCP:127.0.0.1:6443
  setsid socat "TCP-LISTEN:$API_PORT,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$RUN/api.sock" >"$RUN/log/relay-out.log" 2>&1 </dev/null & note_pid relay-out $!
  spawn kube-controller-manager "$BIN/kube-controller-manager" --kubeconfig="$RUN/kcm.kubeconfig" --leader-elect=false --bind-address=127.0.0.1 --port=0 \
    --use-service-account-credentials --service-account-private-key-file="$d/sa.key" --root-ca-file="$d/ca.crt" \
    --cluster-signing-cert-file="$d/ca.crt" --cluster-signing-key-file="$d/ca.key" --cluster-cidr=$POD_CIDR --allocate-node-cidrs=true --node-cidr-mask-size=24 \
    --node-monitor-grace-period=40s --horizontal-pod-autoscaler-sync-period=5s
  spawn kube-scheduler "$BIN/kube-scheduler" --kubeconfig="$RUN/sched.kubeconfig" --leader-elect=false --bind-address=127.0.0.1 --port=0
  cat > "$RUN/containerd.toml" <<T
version = 2
root = "$RUN/containerd/root"
state = "$RUN/containerd/state"
[grpc]
  address = "$RUN/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "fairlead.test/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$RUN/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."${FLK_REGISTRY:-127.0.0.1:5000}"]
    endpoint = ["http://${FLK_REGISTRY:-127.0.0.1:5000}"]
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
T
  cat > "$RUN/cni/net.d/10-flk.conflist" <<T
{"cniVersion":"0.4.0","name":"flk","plugins":[
 {"type":"bridge","bridge":"flkbr0","isGateway":true,"hairpinMode":true,"ipMasq":false,
  "ipam":{"type":"host-local","dataDir":"$RUN/cni/ipam","ranges":[[{"subnet":"10.254.64.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}},{"type":"loopback"}]}
T
  sed -i 's/,{"type":"loopback"}//' "$RUN/cni/net.d/10-flk.conflist"
  spawn containerd containerd --config "$RUN/containerd.toml" --log-level warn
  wait_for 20 containerd ctr -a "$RUN/containerd.sock" version
  pause_image
  cat > "$RUN/kubelet.yaml" <<T
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
healthzBindAddress: 127.0.0.1
tlsCertFile: $d/node.crt
tlsPrivateKeyFile: $d/node.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $d/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: ${FLK_CGROUP_ROOT:-/}
cgroupsPerQOS: ${FLK_CGROUPS_PER_QOS:-true}
enforceNodeAllocatable: ${FLK_ENFORCE:-[pods]}
failSwapOn: false
makeIPTablesUtilChains: true
nodeStatusUpdateFrequency: 5s
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
maxPods: 60
resolvConf: ""
protectKernelDefaults: false
${FLK_KUBELET_EXTRA:-}
T
  wait_for 60 kube-apiserver kc get --raw /readyz
  spawn kubelet "$BIN/kubelet" --config="$RUN/kubelet.yaml" --kubeconfig="$RUN/node.kubeconfig" --root-dir="$RUN/kubelet" --hostname-override="$NODE" \
    --node-ip=$NODE_IP --container-runtime=remote --container-runtime-endpoint="unix://$RUN/containerd.sock" --image-service-endpoint="unix://$RUN/containerd.sock" \
    --pod-infra-container-image=fairlead.test/pause:1 --cert-dir="$RUN/kubelet-pki" --volume-plugin-dir="$RUN/volumeplugins"
  spawn kube-proxy "$BIN/kube-proxy" --kubeconfig="$RUN/proxy.kubeconfig" --hostname-override="$NODE" --proxy-mode=iptables --cluster-cidr=$POD_CIDR \
    --healthz-bind-address=127.0.0.1:10256 --metrics-bind-address=127.0.0.1:10249 --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0
  wait_for 60 node node_ready
  wait_for 30 "default service account" kc get serviceaccount default
  log "ready: export KUBECONFIG=$RUN/admin-inline.kubeconfig"
}
node_ready() { kc get node "$NODE" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -qx True; }

end_pid() { # end_pid NAME: TERM, then KILL; only the pid that we wrote, and only while it is still that process
  local p i; [ -e "$RUN/pid/$1" ] || return 0
  read -r p _ < "$RUN/pid/$1" || true
  if alive "$1"; then kill -TERM "$p" 2>/dev/null || true; for ((i = 0; i < 50; i++)); do alive "$1" || break; sleep 0.1; done; fi
  if alive "$1"; then kill -KILL "$p" 2>/dev/null || true; fi
  rm -f "$RUN/pid/$1"
}
stop() {
  [ -d "$RUN" ] || { log "not running"; return 0; }
  local n c p
  for n in kube-scheduler kube-controller-manager kubelet kube-proxy; do end_pid $n; done
  if alive containerd; then                        # containers of our own containerd only
    local C=(ctr -a "$RUN/containerd.sock" -n k8s.io)
    for c in $("${C[@]}" tasks ls -q 2>/dev/null); do "${C[@]}" tasks kill -s SIGKILL "$c" >/dev/null 2>&1 || true; done
    sleep 1
    for c in $("${C[@]}" tasks ls -q 2>/dev/null); do "${C[@]}" tasks rm -f "$c" >/dev/null 2>&1 || true; done
    for c in $("${C[@]}" containers ls -q 2>/dev/null); do "${C[@]}" containers rm "$c" >/dev/null 2>&1 || true; done
  fi
  # shims carry our socket's path in their arguments: the exact pids, never a name
  for p in $(grep -lsF -- "$RUN/containerd.sock" /proc/[0-9]*/cmdline | grep -oE '[0-9]+'); do
    grep -qF containerd-shim "/proc/$p/cmdline" 2>/dev/null && kill -TERM "$p" 2>/dev/null || true; done
  for n in containerd kube-apiserver etcd relay-in relay-out; do end_pid $n; done
  awk -v r="$RUN/" 'index($2, r) == 1 {print $2}' /proc/mounts | sort -r | while read -r m; do umount -l "$m" || true; done
  for c in /run/netns/cni-*; do [ -e "$c" ] && nsenter --net="$c" ip -4 addr 2>/dev/null | grep -q '10\.254\.64\.' && ip netns del "$(basename "$c")" || true; done
  ip link del flkh 2>/dev/null || true
  ip netns del "$NS" 2>/dev/null || true
  ip route del unreachable 198.18.0.0/15 2>/dev/null || true
  for c in /sys/fs/cgroup/*; do [ -d "$c/kubepods" ] && find "$c/kubepods" -depth -type d -exec rmdir {} \; 2>/dev/null || true; done
  rm -rf --one-file-system "$RUN"
}
status() { local f n; for f in "$RUN"/pid/*; do n=$(basename "$f"); alive "$n" && echo "$n up $(cut -d" " -f1 "$f")" || echo "$n DOWN"; done; kc get nodes -o wide; }
kill_api() { end_pid_now kube-apiserver; }
end_pid_now() { local p; read -r p _ < "$RUN/pid/$1"; alive "$1" && kill -KILL "$p"; rm -f "$RUN/pid/$1"; }
start_api() { local a; mapfile -d '' -t a < "$RUN/api.args"; spawn kube-apiserver "${a[@]}"; wait_for 60 kube-apiserver kc get --raw /readyz; }
case ${1:-} in
  kill-api) kill_api ;; start-api) start_api ;;
  deps) deps ;; build) build ;; start) start ;; stop) stop ;; status) status ;; purge) stop; rm -rf "$HOME_DIR/gocache" "$HOME_DIR/src" "$HOME_DIR/gopath" "$BIN" ;;
  env) echo "export KUBECONFIG=$RUN/admin-inline.kubeconfig" ;; ns) shift; in_ns "$@" ;;
  *) echo "usage: $0 deps|build|start|stop|kill-api|start-api|status|env|ns CMD...|purge" >&2; exit 2 ;;
esac
