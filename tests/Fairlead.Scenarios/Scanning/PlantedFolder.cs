namespace Fairlead.Scenarios.Scanning;

/// <summary>
/// A folder with faults and look-alikes, written apart from the rules: what must be found is named by file and line, everything else is right as
/// it is. Secrets are put together here, so that none stands in this repository.
/// </summary>
internal static class PlantedFolder
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Writes it.</summary>
    /// <returns>Where something must be found, as the scan says it.</returns>
    public static IReadOnlySet<string> Write(string root)
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, text) in Packages.Concat(Settings).Concat(Secrets()))
        {
            var lines = new List<string>();
            foreach (var line in text.Split('\n'))
            {
                // A line's end says what must be found on it; the mark itself is not written.
                var mark = line.IndexOf("@@", StringComparison.Ordinal);
                lines.Add(mark < 0 ? line : line[..mark]);
                if (mark >= 0)
                {
                    foreach (var rule in line[(mark + 2)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        expected.Add($"{rule} {path}{(HasLines(path) ? $":{lines.Count}" : "")}");
                    }
                }
            }
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Join('\n', lines) + "\n");
        }
        return expected;
    }

    /// <summary>Advisories about some of the packages, as OSV writes them.</summary>
    /// <param name="more">Ids and packages of others.</param>
    public static void WriteAdvisories(
        string root,
        params (string Id, string Ecosystem, string Name, string Fixed)[] more
    )
    {
        Directory.CreateDirectory(root);
        foreach (var (id, ecosystem, name, mended) in Advisories.Concat(more))
        {
            File.WriteAllText(
                Path.Combine(root, id + ".json"),
                $$"""
                {
                  "schema_version": "1.6.0", "id": "{{id}}", "aliases": ["CVE-0000-{{id}}"], "summary": "A fault of {{name}}",
                  "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z", "database_specific": { "severity": "HIGH" },
                  "affected": [{ "package": { "ecosystem": "{{ecosystem}}", "name": "{{name}}" },
                    "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "{{mended}}" }] }] }]
                }
                """
            );
        }
    }

    private static bool HasLines(string path) =>
        !path.EndsWith("package-lock.json", StringComparison.Ordinal)
        && !path.EndsWith("packages.lock.json", StringComparison.Ordinal)
        && !path.EndsWith("composer.lock", StringComparison.Ordinal);

    private static (string Id, string Ecosystem, string Name, string Fixed)[] Advisories =>
        [
            ("A-NPM-1", "npm", "lodash", "4.17.21"),
            ("A-NPM-2", "npm", "minimist", "1.2.6"),
            ("A-NPM-3", "npm", "axios", "0.21.1"),
            ("A-NPM-4", "npm", "lodash.merge", "99.0.0"),
            ("A-NUGET-1", "NuGet", "Newtonsoft.Json", "13.0.1"),
            ("A-PY-1", "PyPI", "Django", "3.2.5"),
            ("A-PY-2", "PyPI", "pyyaml", "5.4"),
            ("A-PY-3", "PyPI", "requests", "2.31.0"),
            ("A-GO-1", "Go", "golang.org/x/text", "0.3.7"),
            ("A-RUST-1", "crates.io", "time", "0.2.23"),
            ("A-JAVA-1", "Maven", "org.apache.logging.log4j:log4j-core", "2.15.0"),
            ("A-PHP-1", "Packagist", "guzzlehttp/psr7", "1.8.4"),
            ("A-RUBY-1", "RubyGems", "rack", "2.2.3.1"),
            ("A-DEB-12", "Debian:12", "openssl", "3.0.11-1~deb12u1"),
            ("A-DEB-11", "Debian:11", "bash", "9.0"),
        ];

    private static IReadOnlyList<(string Path, string Text)> Packages { get; } =
    [
        (
            "npm/package-lock.json",
            """
            { "name": "shop", "lockfileVersion": 3, "packages": {
              "": { "name": "shop" },
              "node_modules/lodash": { "version": "4.17.20", "license": "MIT" },@@A-NPM-1
              "node_modules/minimist": { "version": "1.2.8", "license": "MIT" },
              "node_modules/mocha/node_modules/minimist": { "version": "1.2.5", "dev": true } } }
            """
        ),
        ("yarn/yarn.lock", "# yarn lockfile v1\n\n\nminimist@^1.2.0:@@A-NPM-2\n  version \"1.2.5\"\n"),
        (
            "pnpm/pnpm-lock.yaml",
            """
            lockfileVersion: '9.0'

            importers:
              .:
                dependencies:
                  axios:
                    specifier: ^0.21.0
                    version: 0.21.0

            packages:
              axios@0.21.0:@@A-NPM-3
                resolution: {integrity: sha512-fmkJBknJKoZwem3/IKSSLpkdNXZeBu5Q7GA/aRsr2btgrptmSCxi2oFjZHqGdK9DoTil9PIHlPIZw2EcRJXRvw==}

            snapshots:
              axios@0.21.0: {}
            """
        ),
        (
            "nuget/packages.lock.json",
            """
            { "version": 1, "dependencies": { "net10.0": {
              "Newtonsoft.Json": { "type": "Direct", "resolved": "12.0.3" },@@A-NUGET-1
              "NUnit": { "type": "Direct", "resolved": "4.0.0" } } } }
            """
        ),
        ("py/requirements.txt", "django==3.2.4@@A-PY-1\nrequests==2.31.0\nPyYAML==5.4\n"),
        (
            "poetry/poetry.lock",
            "[[package]]@@A-PY-2\nname = \"PyYAML\"\nversion = \"5.3\"\n\n[metadata]\nlock-version = \"2.0\"\n"
        ),
        (
            "go/go.mod",
            "module shop\n\ngo 1.20\n\nrequire (\n\tgolang.org/x/text v0.3.5@@A-GO-1\n\tgolang.org/x/net v0.30.0\n)\n"
        ),
        (
            "cargo/Cargo.lock",
            "version = 3\n\n[[package]]@@A-RUST-1\nname = \"time\"\nversion = \"0.1.43\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
        ),
        (
            "maven/pom.xml",
            """
            <project><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies>
            <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.14.1</version></dependency>@@A-JAVA-1
            </dependencies></project>
            """
        ),
        (
            "composer/composer.lock",
            """
            { "packages": [ { "name": "guzzlehttp/psr7", "version": "1.8.2" },@@A-PHP-1
              { "name": "psr/log", "version": "1.1.4" } ], "packages-dev": [] }
            """
        ),
        (
            "gem/Gemfile.lock",
            "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.2)@@A-RUBY-1\n    rake (13.0.6)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rack\n"
        ),
        (
            "image/var/lib/dpkg/status",
            "Package: libssl3@@A-DEB-12\nStatus: install ok installed\nSource: openssl\nVersion: 3.0.9-1\n\nPackage: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\n\nPackage: openssl\nStatus: deinstall ok config-files\nVersion: 3.0.9-1\n"
        ),
        ("image/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
    ];

    private static IReadOnlyList<(string Path, string Text)> Settings { get; } =
    [
        (
            "docker/Dockerfile",
            "FROM node:latest@@docker-latest docker-root\nENV DB_PASSWORD=Sup3rS3cretPl4ce@@docker-secret\nADD http://example.com/x.tar.gz /x@@docker-add-url\nRUN curl https://x.example/install | sh@@docker-pipe-shell\nEXPOSE 22@@docker-ssh\nCMD [\"node\", \".\"]\n"
        ),
        (
            "docker/good/Dockerfile",
            "FROM node:22.11.0@sha256:1111111111111111111111111111111111111111111111111111111111111111 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nFROM gcr.io/distroless/nodejs22-debian12@sha256:2222222222222222222222222222222222222222222222222222222222222222\nCOPY --from=build /app /app\nUSER 10001\nEXPOSE 8080\nHEALTHCHECK CMD [\"/nodejs/bin/node\", \"/app/health.js\"]\nCMD [\"/app/server.js\"]\n"
        ),
        (
            "k8s/bad.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: bad }
            spec:
              hostNetwork: true@@k8s-host-network
              automountServiceAccountToken: false
              containers:
                - name: bad
                  image: registry.example/bad:1.2.3
                  resources: { limits: { memory: 64Mi, cpu: 100m } }
                  securityContext:
                    privileged: true@@k8s-privileged
                    runAsNonRoot: true
                    readOnlyRootFilesystem: true
                    allowPrivilegeEscalation: false
                    capabilities: { drop: [ALL] }
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: all }
            rules:
              - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }@@k8s-wildcard-role
            """
        ),
        (
            "k8s/good.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: good }
            spec:
              automountServiceAccountToken: false
              containers:
                - name: good
                  image: registry.example/good:1.2.3
                  resources: { limits: { memory: 64Mi, cpu: 100m } }
                  securityContext:
                    runAsNonRoot: true
                    readOnlyRootFilesystem: true
                    allowPrivilegeEscalation: false
                    capabilities: { drop: [ALL] }
                    seccompProfile: { type: RuntimeDefault }
            """
        ),
        (
            "tf/main.tf",
            """
            resource "aws_s3_bucket" "b" {
              bucket = "shop"
              acl    = "public-read"@@tf-public-bucket
            }
            resource "aws_security_group" "open" {
              ingress {
                from_port   = 22
                to_port     = 22
                protocol    = "tcp"
                cidr_blocks = ["0.0.0.0/0"]@@tf-open-world
              }
            }
            resource "aws_security_group" "closed" {
              ingress {
                from_port   = 5432
                to_port     = 5432
                protocol    = "tcp"
                cidr_blocks = ["10.0.0.0/16"]
              }
            }
            resource "aws_db_instance" "d" {
              publicly_accessible = true@@tf-public-database
              storage_encrypted   = false@@tf-unencrypted
              password            = "hunter2hunter2"@@tf-password
            }
            resource "aws_db_instance" "good" {
              publicly_accessible = false
              storage_encrypted   = true
              password            = var.database_password
            }
            """
        ),
    ];

    private static IReadOnlyList<(string Path, string Text)> Secrets()
    {
        var chance = new Random(11);
        string Some(int count, string letters = Letters) =>
            string.Concat(Enumerable.Range(0, count).Select(_ => letters[chance.Next(letters.Length)]));
        return
        [
            (
                "src/config.js",
                $$"""
                module.exports = {
                  stripe: 'sk_live_{{Some(24)}}',@@stripe-key
                  github: 'ghp_{{Some(36)}}',@@github-token
                  database: 'postgres://shop:{{Some(16)}}@db.prod.internal/shop',@@url-password
                  aws: 'AKIA{{Some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}}',@@aws-access-key
                }
                """
            ),
            ("deploy/.env", $"SENDGRID=SG.{Some(22)}.{Some(43)}@@sendgrid-key\nPORT=8080\nLOG_LEVEL=debug\n"),
            (
                "dist/bundle.js",
                string.Concat(Enumerable.Repeat("var a=1;", 9_000))
                    + $"h={{Authorization:'Bearer {Some(40)}'}};"
                    + string.Concat(Enumerable.Repeat("b=2;", 9_000))
                    + "@@bearer-token"
            ),
            (
                "keys/id_ed25519",
                $"-----BEGIN OPENSSH {"PRIVATE KEY"}-----@@private-key\n{Some(64)}\n-----END OPENSSH {"PRIVATE KEY"}-----\n"
            ),
            (
                "chat/hook.py",
                $"URL = 'https://hooks.slack.com/services/T{Some(8, "ABCDEFGH12345678")}/B{Some(8, "ABCDEFGH12345678")}/{Some(24)}'@@slack-webhook\n"
            ),
            (
                "src/clean.js",
                """
                const token = process.env.API_TOKEN;
                const password = form.elements.password.value;
                const key = await keyring.load('payments/stripe');
                const digest = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
                const url = 'postgres://localhost/shop_test';
                const id = '6f1c2a44-93f5-4f5c-9b7c-2f6f0f7f3a11';
                """
            ),
            (
                "docs/setup.md",
                "Put your key into `STRIPE_KEY=sk_live_...` and your token into `GITHUB_TOKEN=<token>`.\n"
            ),
            (
                "keys/id_ed25519.pub",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS me@laptop\n"
            ),
            ("keys/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ1\n-----END CERTIFICATE-----\n"),
        ];
    }
}
