namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>Files with planted settings, each with the rules that must speak, and clean ones of which none may.</summary>
internal static class SettingsSample
{
    public static IReadOnlyList<(string Path, string Text, string[] Expected)> All { get; } =
    [
        (
            "Dockerfile",
            """
            FROM node:22.11.0@sha256:aaaa AS build
            WORKDIR /app
            COPY package.json package-lock.json ./
            RUN npm ci
            COPY src ./src
            RUN npm run build
            FROM node:22.11.0@sha256:aaaa
            ENV NODE_ENV=production TOKEN_URL=https://login.example.com
            ARG GITHUB_TOKEN
            COPY --from=build --chown=node /app/dist /app
            ADD rootfs.tar.gz /
            RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && curl -fsSL https://example.com/a.tgz -o a.tgz
            EXPOSE 8080
            USER node
            CMD ["node", "/app/server.js"]
            """,
            []
        ),
        ("api/Dockerfile", "FROM gcr.io/distroless/nodejs22:nonroot\nCOPY dist /app\n", []),
        (
            "a/Dockerfile",
            """
            FROM python
            ADD https://example.com/tool /usr/bin/tool
            ADD src /src
            RUN curl -sSL https://get.example.com | bash
            ENV DB_PASSWORD=s3cretvalue
            RUN sudo make install
            RUN chmod -R 777 /app
            EXPOSE 22 80
            RUN curl -k https://example.com/x -o x
            RUN apt-get install -y --allow-unauthenticated thing
            RUN wget http://example.com/x.tgz
            COPY .env /app/
            RUN --security=insecure make
            RUN echo "root:toor" | chpasswd
            RUN chmod u+s /bin/tool
            VOLUME /var/run/docker.sock
            """,
            [
                "docker-latest",
                "docker-add-url",
                "docker-add",
                "docker-pipe-shell",
                "docker-secret",
                "docker-sudo",
                "docker-chmod-777",
                "docker-ssh",
                "docker-insecure-fetch",
                "docker-unsigned-packages",
                "docker-no-update",
                "docker-http",
                "docker-copy-secrets",
                "docker-run-insecure",
                "docker-password",
                "docker-setuid",
                "docker-socket",
                "docker-root",
            ]
        ),
        (
            "b/Dockerfile",
            "FROM debian:stretch-slim\nUSER app\nRUN make\nUSER root\n",
            ["docker-old-base", "docker-back-to-root"]
        ),
        (
            "k8s/good.yaml",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: shop }
            spec:
              template:
                spec:
                  automountServiceAccountToken: false
                  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
                  containers:
                    - name: api
                      image: registry.example.com:5000/shop/api:1.4.2
                      resources: { limits: { memory: 256Mi } }
                      securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
                      env:
                        - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
                        - { name: TOKEN_TTL, value: "3600" }
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: reader }
            rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }]
            """,
            []
        ),
        ("values.yaml", "image: nginx\nprivileged: true\n", []),
        (
            "k8s/bad.yaml",
            """
            apiVersion: v1
            kind: Pod
            spec:
              hostNetwork: true
              hostPID: true
              hostIPC: true
              securityContext: { seccompProfile: { type: Unconfined } }
              volumes:
                - { name: a, hostPath: { path: /etc } }
                - { name: b, hostPath: { path: /var/run/docker.sock } }
              containers:
                - image: nginx
                  ports: [{ containerPort: 80, hostPort: 80 }]
                  env: [{ name: API_TOKEN, value: s3cr3tvalue }]
                  securityContext:
                    privileged: true
                    capabilities: { add: [SYS_ADMIN] }
            ---
            apiVersion: v1
            kind: Secret
            stringData: { password: hunter22 }
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            roleRef: { kind: ClusterRole, name: cluster-admin }
            subjects: [{ kind: User, name: "system:anonymous" }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            rules:
              - { resources: ["*"], verbs: ["*"] }
              - { resources: [secrets], verbs: [get, list] }
            """,
            [
                "k8s-host-network",
                "k8s-host-pid",
                "k8s-host-ipc",
                "k8s-seccomp",
                "k8s-host-path",
                "k8s-runtime-socket",
                "k8s-latest",
                "k8s-host-port",
                "k8s-secret-env",
                "k8s-privileged",
                "k8s-capabilities",
                "k8s-root",
                "k8s-escalation",
                "k8s-writable-root",
                "k8s-no-drop",
                "k8s-no-limits",
                "k8s-token",
                "k8s-secret-object",
                "k8s-cluster-admin",
                "k8s-anonymous",
                "k8s-wildcard-role",
                "k8s-read-secrets",
            ]
        ),
        (
            "compose.yaml",
            """
            services:
              api:
                image: ghcr.io/acme/api:1.4.2
                environment: { DATABASE_PASSWORD: "${DATABASE_PASSWORD}", TOKEN_URL: https://x.example.com }
                ports: ["8080:8080"]
              db:
                image: postgres:17.2
                ports: ["127.0.0.1:5432:5432"]
                volumes: ["data:/var/lib/postgresql/data", "/etc/localtime:/etc/localtime:ro"]
            """,
            []
        ),
        (
            "docker-compose.yml",
            """
            services:
              a:
                image: nginx
                privileged: true
                network_mode: host
                user: root
                cap_add: [SYS_ADMIN]
                security_opt: ["seccomp:unconfined"]
                volumes: ["/var/run/docker.sock:/var/run/docker.sock", "/etc:/host/etc"]
                environment: ["DB_PASSWORD=s3cretvalue"]
                ports: ["5432:5432"]
            """,
            [
                "compose-latest",
                "compose-privileged",
                "compose-host-network",
                "compose-root",
                "compose-capabilities",
                "compose-unconfined",
                "compose-socket",
                "compose-host-folder",
                "compose-secret",
                "compose-open-database",
            ]
        ),
        (
            "fairlead.yaml",
            """
            app: shop
            services:
              api: { kind: api, path: api, limits: { memory: 512MB }, env: { LOG_LEVEL: info } }
            environments:
              local: { tls: off, hosts: [shop.localhost] }
              production: { tls: auto, hosts: [shop.example.com] }
            """,
            []
        ),
        (
            "bad/fairlead.yaml",
            """
            app: shop
            services:
              api: { kind: api, path: api, env: { DB_PASSWORD: s3cretvalue }, gateway: { cors: { origins: ["*"] } } }
            environments:
              production: { tls: off, hosts: [shop.example.com] }
            """,
            ["fairlead-secret", "fairlead-any-origin", "fairlead-no-tls", "fairlead-no-limits"]
        ),
        (
            "good.tf",
            """
            resource "aws_s3_bucket" "a" { bucket = "a" }
            resource "aws_db_instance" "db" {
              publicly_accessible     = false
              storage_encrypted       = true
              backup_retention_period = 14
              deletion_protection     = true
              password                = var.db_password
            }
            resource "aws_security_group" "web" {
              ingress {
                from_port   = 443
                to_port     = 443
                cidr_blocks = ["0.0.0.0/0"]
              }
              egress {
                from_port   = 0
                cidr_blocks = ["0.0.0.0/0"]
              }
            }
            resource "aws_lb_listener" "plain" {
              protocol = "HTTP"
              default_action { redirect { protocol = "HTTPS" } }
              type = "redirect"
            }
            variable "db_password" {
              sensitive = true
            }
            """,
            []
        ),
        (
            "bad.tf",
            """
            resource "aws_security_group" "ssh" {
              ingress {
                from_port   = 22
                cidr_blocks = ["0.0.0.0/0"]
              }
            }
            resource "aws_s3_bucket_acl" "a" {
              acl = "public-read"
            }
            resource "aws_s3_bucket_public_access_block" "a" {
              block_public_acls = false
            }
            resource "aws_db_instance" "db" {
              publicly_accessible     = true
              storage_encrypted       = false
              backup_retention_period = 0
              deletion_protection     = false
              skip_final_snapshot     = true
              password                = "s3cretvalue"
            }
            resource "aws_instance" "a" {
              associate_public_ip_address = true
              metadata_options {
                http_tokens = "optional"
              }
            }
            resource "aws_kms_key" "a" {
              enable_key_rotation = false
            }
            resource "aws_ecr_repository" "a" {
              image_tag_mutability = "MUTABLE"
            }
            resource "aws_lb_listener" "a" {
              protocol   = "HTTP"
              ssl_policy = "ELBSecurityPolicy-2016-08"
            }
            resource "aws_eks_cluster" "a" {
              vpc_config {
                public_access_cidrs = ["0.0.0.0/0"]
              }
            }
            resource "aws_codebuild_project" "a" {
              privileged_mode = true
            }
            data "aws_iam_policy_document" "a" {
              statement {
                actions = ["*"]
              }
            }
            """,
            [
                "tf-open-world",
                "tf-public-bucket",
                "tf-public-access-block",
                "tf-public-database",
                "tf-unencrypted",
                "tf-no-backup",
                "tf-no-deletion-protection",
                "tf-skip-final-snapshot",
                "tf-password",
                "tf-public-address",
                "tf-imdsv1",
                "tf-key-rotation",
                "tf-mutable-tags",
                "tf-http-listener",
                "tf-old-tls",
                "tf-public-cluster",
                "tf-privileged",
                "tf-wildcard-policy",
            ]
        ),
    ];
}
