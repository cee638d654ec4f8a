#!/bin/sh
# Prepares a machine after the keeper is armed: the data volume, then what the size needs. Each step is bounded in time, and one that fails
# is reported in $WMS_ROOT/var/lib/wms/setup and does not keep the next from running.
#
# WMS_SIZE=mini|full  WMS_DATA_VOLUME=vol-...  WMS_REGION  WMS_BUCKET  WMS_MLFLOW_BUCKET
# WMS_VERSIONS: "powershell=VERSION,SHA256 k3s=VERSION,SHA256 mlflow=VERSION monitoring=VERSION"; a program without a version is left out
set -u
root=${WMS_ROOT:-}
state=$root/var/lib/wms
data=$root/data
device_wait=${WMS_DEVICE_WAIT:-300} # seconds until the volume is attached: Terraform does that after the machine runs
mkdir -p "$state"
: > "$state/setup"

step() {
    name=$1
    shift
    "$@"
    code=$?
    echo "$name exit=$code" >> "$state/setup"
    echo "setup: $name ended with $code"
}

# version NAME: sets version and sha256 from WMS_VERSIONS; fails when the program is not wanted.
version() {
    version='' sha256=''
    for pair in ${WMS_VERSIONS:-}; do
        case $pair in "$1="*) version=${pair#*=} ;; esac
    done
    case $version in *,*) sha256=${version#*,} version=${version%%,*} ;; esac
    [ -n "$version" ]
}

# download URL FILE: and checks sha256, which is never empty.
download() {
    [ -n "$sha256" ] || return 1
    timeout 600 curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 500 --output "$2" "$1" || return 1
    echo "$sha256  $2" | sha256sum -c - > /dev/null && return 0
    rm -f "$2"
    echo "setup: $1 has another SHA-256 than $sha256" >&2
    return 1
}

# A volume that holds anything is mounted or left alone; only one that is empty is formatted.
mount_data() {
    device=$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$(echo "$WMS_DATA_VOLUME" | tr -d -)
    waited=0
    while [ ! -e "$device" ]; do
        if [ "$waited" -ge "$device_wait" ]; then
            echo "setup: the data volume $WMS_DATA_VOLUME is not attached" >&2
            return 1
        fi
        sleep 5
        waited=$((waited + 5))
    done
    type=$(blkid -p -o value -s TYPE "$device")
    found=$?
    if [ "$found" -eq 2 ]; then
        # blkid knows no file system. What it does not know may still be data: the first 16 MiB must be zeros.
        if [ -n "$(head -c 16777216 "$device" | tr -d '\0' | head -c 1)" ]; then
            echo "setup: $device has data that is not a file system; it is left alone" >&2
            return 1
        fi
        mkfs.xfs -q "$device" || return 1
    elif [ "$found" -ne 0 ] || [ -z "$type" ]; then
        echo "setup: blkid cannot tell what $device holds ($found); it is left alone" >&2
        return 1
    fi
    mkdir -p "$data"
    # nofail: a machine without its volume must start, or it cannot be repaired.
    grep -q "^$device " "$root/etc/fstab" || echo "$device /data auto defaults,nofail,x-systemd.device-timeout=60 0 2" >> "$root/etc/fstab"
    mount "$data" && mkdir -p "$data/jobs"
}

install_packages() { timeout 900 dnf install --assumeyes --setopt=retries=3 libicu git tar gzip; }

install_powershell() {
    version powershell || return 0
    archive=$state/powershell.tar.gz
    release=https://github.com/PowerShell/PowerShell/releases/download/v$version
    download "$release/powershell-$version-linux-x64.tar.gz" "$archive" || return 1
    mkdir -p "$root/opt/powershell" && tar -xzf "$archive" -C "$root/opt/powershell" && rm -f "$archive" &&
        chmod 755 "$root/opt/powershell/pwsh" && ln -sf /opt/powershell/pwsh "$root/usr/local/bin/pwsh"
}

# Listens on this machine only: people reach it through SSM port forwarding, the service and the jobs from here.
install_mlflow() {
    version mlflow || return 0
    mountpoint -q "$data" || return 1 # on the system disk, the registry would end with the machine
    timeout 600 dnf install --assumeyes python3.11 || return 1
    python3.11 -m venv "$root/opt/mlflow" && timeout 900 "$root/opt/mlflow/bin/pip" install --quiet "mlflow==$version" boto3 || return 1
    getent passwd mlflow > /dev/null || useradd --system --home-dir /data/mlflow --shell /usr/sbin/nologin mlflow || return 1
    mkdir -p "$data/mlflow" && chown mlflow "$data/mlflow" || return 1
    cat > "$root/etc/systemd/system/mlflow.service" << END
[Unit]
Description=MLflow, on this machine only
RequiresMountsFor=/data
After=network-online.target
Wants=network-online.target

[Service]
User=mlflow
Environment=AWS_DEFAULT_REGION=$WMS_REGION
ExecStart=/opt/mlflow/bin/mlflow server --host 127.0.0.1 --port 5000 --workers 2 \\
    --backend-store-uri sqlite:////data/mlflow/mlflow.db --artifacts-destination s3://$WMS_MLFLOW_BUCKET --serve-artifacts
Restart=always
RestartSec=5
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/data/mlflow
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
END
    systemctl daemon-reload && systemctl enable --now mlflow.service
}

install_k3s() {
    version k3s || return 0
    mountpoint -q "$data" || return 1
    download "https://github.com/k3s-io/k3s/releases/download/$(echo "$version" | sed 's/+/%2B/')/k3s" "$root/usr/local/bin/k3s" || return 1
    chmod 755 "$root/usr/local/bin/k3s"
    cat > "$root/etc/systemd/system/k3s.service" << 'END'
[Unit]
Description=k3s
After=network-online.target
Wants=network-online.target
RequiresMountsFor=/data

[Service]
Type=notify
ExecStart=/usr/local/bin/k3s server --data-dir /data/k3s --write-kubeconfig-mode 0600 --secrets-encryption --disable traefik
KillMode=process
Delegate=yes
LimitNOFILE=1048576
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
END
    systemctl daemon-reload && systemctl enable --now k3s.service
}

# k3s installs what lies in its folder of manifests. Grafana's password is made here, and is nowhere else:
# k3s kubectl get secret grafana-admin --namespace monitoring --output go-template='{{index .data "admin-password" | base64decode}}'
install_monitoring() {
    version monitoring || return 0
    mountpoint -q "$data" || return 1
    password=$(head -c 24 /dev/urandom | base64 | tr -d '/+=\n')
    manifests=$data/k3s/server/manifests
    mkdir -p "$manifests" || return 1
    umask 077
    if [ ! -e "$manifests/wms-monitoring.yaml" ]; then
        cat > "$manifests/wms-monitoring.yaml" << END
apiVersion: v1
kind: Namespace
metadata:
  name: monitoring
---
apiVersion: v1
kind: Secret
metadata:
  name: grafana-admin
  namespace: monitoring
stringData:
  admin-user: admin
  admin-password: $password
---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata:
  name: kube-prometheus-stack
  namespace: kube-system
spec:
  repo: https://prometheus-community.github.io/helm-charts
  chart: kube-prometheus-stack
  version: $version
  targetNamespace: monitoring
  valuesContent: |-
    grafana:
      admin:
        existingSecret: grafana-admin
    prometheus:
      prometheusSpec:
        retention: 7d
        retentionSize: 5GB
END
    fi
}

step volume mount_data
step packages install_packages
step powershell install_powershell
if [ "${WMS_SIZE:-mini}" = full ]; then
    step mlflow install_mlflow
    step k3s install_k3s
    step monitoring install_monitoring
fi
