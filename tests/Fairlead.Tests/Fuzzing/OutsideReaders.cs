using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Dns;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Drivers.Formats;
using Fairlead.Drivers.Formats.Bugsnag;
using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.Exposition;
using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Drivers.Formats.Otlp.Translation;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Drivers.Formats.Rollbar;
using Fairlead.Drivers.Formats.Sentry;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Passwords;
using Fairlead.Drivers.Probes;
using Fairlead.Drivers.Probes.Mongo;
using Fairlead.Drivers.Secrets.Age;
using Fairlead.Drivers.Secrets.Sops;
using Fairlead.Drivers.Telemetry.Remote;
using Fairlead.Drivers.Telemetry.Statsd;
using Fairlead.Drivers.Telemetry.Syslog;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Judging.PromQl.Testing;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Importing;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Model.Web;
using Fairlead.Roles.Edge;
using Fairlead.Roles.Edge.Files;
using Fairlead.Roles.Edge.Gateway;
using Fairlead.Roles.Edge.Steering;
using Fairlead.Roles.Edge.Tls;
using Fairlead.Roles.Edge.Upstream;
using Fairlead.Tests.Drivers.Secrets;
using Fairlead.Tests.Fakes;
using Fairlead.Tests.Manifests;
using Fairlead.Tests.Telemetry.Errors;
using Snappier;
using LineReader = Fairlead.Engine.Watching.Logs.LineReader;
using OtlpLogs = Fairlead.Drivers.Formats.Otlp.OtlpLogs;
using OtlpMetrics = Fairlead.Drivers.Formats.Otlp.OtlpMetrics;

namespace Fairlead.Tests.Fuzzing;

/// <summary>All readers of what comes from outside. To add one: add its line, with inputs that it takes.</summary>
internal static partial class OutsideReaders
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Metrics = Golden("Drivers/Formats/Otlp/Golden", "\n----");
    private static readonly byte[] Written = RemoteWriteWriter.Write([
        new(Labels.Of([new("__name__", "up"), new("job", "api")]), [new(1, 1), new(2, 0.5)]),
    ]);

    public static IReadOnlyList<OutsideReader> All { get; } =
    [
        .. Telemetry(),
        .. Errors(),
        .. Logs(),
        .. Files(),
        .. Compose(),
        .. Questions(),
        .. Edge(),
        .. Peers(),
        .. Words(),
        .. Channels(),
        .. Responding(),
        .. Caches(),
        .. Sealed(),
        .. Images(),
        .. OfRegistries(),
        .. Aws(),
        .. Clusters(),
        .. Sources(),
        .. Checks(),
        .. Infrastructure(),
        .. CloudFormation(),
        .. Monitors(),
        .. Data(),
        .. Agents(),
    ];

    private static IEnumerable<OutsideReader> Telemetry()
    {
        byte[][] protobufs =
        [
            .. Metrics.Select(json => OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json), OtlpShape.Metrics).ToArray()),
        ];
        yield return new OutsideReader("OTLP metrics", protobufs, ReadMetrics).Refuses<InvalidDataException>();
        yield return new OutsideReader(
            "OTLP spans",
            [Spans()],
            bytes => new OtlpSpans(Source.Outside).Read(bytes)
        ).Refuses<InvalidDataException>();
        yield return new OutsideReader(
            "OTLP logs",
            [Logged()],
            bytes => new OtlpLogs(Source.Outside, 1).Read(bytes)
        ).Refuses<InvalidDataException>();
        foreach (
            var (signal, shape) in new[]
            {
                ("metrics", OtlpShape.Metrics),
                ("traces", OtlpShape.Traces),
                ("logs", OtlpShape.Logs),
            }
        )
        {
            yield return OutsideReader
                .OfText(
                    $"OTLP JSON {signal}",
                    json => OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json), shape),
                    [.. Metrics, """{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"GET /","kind":2}]}]}]}"""]
                )
                .Refuses<InvalidDataException>();
        }
        yield return new OutsideReader(
            "remote write",
            [Inflated(Written)],
            bytes => RemoteWriteReader.Read(bytes, new KnownLabels(Source.Outside, 1))
        ).Refuses<InvalidDataException>();
        yield return new OutsideReader("snappy", [Written], bytes => Inflated(bytes)).Refuses<InvalidDataException>();
        foreach (var dialect in Enum.GetValues<ExpositionDialect>())
        {
            yield return OutsideReader
                .OfText(
                    $"exposition {dialect}",
                    text => ExpositionReader.Read(Encoding.UTF8.GetBytes(text), dialect, new ScrapeLimits()),
                    "# HELP up It is.\n# TYPE up gauge\nup{a=\"b\\\"c\"} 1 1700000000\n# EOF\n",
                    "# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n# EOF\n"
                )
                .Refuses<InvalidDataException>();
        }
        yield return OutsideReader.OfText(
            "statsd",
            text => StatsdLine.TryParse(Encoding.UTF8.GetBytes(text), out _),
            "jobs.done:1|c|@0.1|#env:prod,shard:3",
            "page.time:320:310|ms",
            "users:abc|s"
        );
    }

    private static void ReadMetrics(byte[] bytes)
    {
        var translation = new MetricTranslation(Source.Outside, new DeltaMemory(), Now);
        new OtlpMetrics(translation.Take).Read(bytes);
        translation.Finish();
    }

    private static byte[] Logged() =>
        OtlpJson
            .ToProtobuf(
                """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","severityText":"INFO","body":{"stringValue":"hello"}}]}]}]}"""u8.ToArray(),
                OtlpShape.Logs
            )
            .ToArray();

    private static byte[] Spans() =>
        OtlpJson
            .ToProtobuf(
                """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"GET /","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"a","value":{"stringValue":"b"}}]}]}]}]}"""u8.ToArray(),
                OtlpShape.Traces
            )
            .ToArray();

    private static byte[] Inflated(byte[] block)
    {
        using var inflated = SnappyBlock.Inflate(block, 1 << 20);
        return inflated.Bytes.ToArray();
    }

    private static IEnumerable<OutsideReader> Errors()
    {
        yield return OutsideReader.OfText("Sentry's envelope", ReadEnvelope, Bodies("sentry"));
        yield return OutsideReader
            .OfText(
                "Rollbar's item",
                text => Json(text, json => RollbarItem.Read(json.At("data") ?? json, NewId, Now)),
                Bodies("rollbar")
            )
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText(
                "BugSnag's event",
                text =>
                    Json(text, json => BugsnagEvent.Read(json.At("events").List(1).FirstOrDefault(), json, NewId, Now)),
                Bodies("bugsnag")
            )
            .Refuses<JsonException>();
        yield return OutsideReader.OfText(
            "source map",
            text => SourceMap.TryParse(Encoding.UTF8.GetBytes(text), out _)?.Find(1, 1),
            """{"version":3,"sources":["a.ts"],"names":["x"],"mappings":"AAAA,SAASA;AACA"}""",
            """{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a"],"mappings":"AAAA"}}]}"""
        );
        yield return OutsideReader.OfText(
            "vitals",
            text => VitalsIntake.TryRead(Encoding.UTF8.GetBytes(text)),
            """{"p":"/cart/7","d":"mobile","e":1,"v":{"LCP":1832.5,"CLS":0.02,"INP":96}}"""
        );
    }

    private static void ReadEnvelope(string text)
    {
        foreach (var item in Envelope.Read(Encoding.UTF8.GetBytes(text), out _, out _))
        {
            SentryLogs.Read(item.Payload, Source.Outside, Now);
            try
            {
                using var json = Loose.Parse(item.Payload);
                SentryEvent.Read(json.RootElement, NewId, Now);
                SentrySessions.One(json.RootElement, Now);
                _ = SentrySessions.Many(json.RootElement, Now).Count();
                SentrySessions.CheckIn(json.RootElement);
            }
            catch (JsonException)
            {
                // An item that is no JSON is dropped.
            }
        }
    }

    private static void Json(string text, Action<JsonElement> read)
    {
        using var json = Loose.Parse(Encoding.UTF8.GetBytes(text));
        read(json.RootElement);
    }

    private static string NewId() => "0123456789abcdef";

    private static IEnumerable<OutsideReader> Logs()
    {
        yield return OutsideReader.OfText(
            "log line",
            text => LineReader.Read(text),
            """{"level":"error","msg":"no stock","time":"2026-11-26T12:00:00Z","order":{"id":7}}""",
            "level=warn msg=\"slow query\" took=1.5s",
            "10.0.0.7 - - [26/Nov/2026:12:00:00 +0000] \"GET /a HTTP/1.1\" 200 12 \"-\" \"curl/8\"",
            "2026-11-26 12:00:00,123 ERROR [main] shop.Cart - no stock",
            "fail: Shop.Api[7]\n      no stock"
        );
        yield return OutsideReader
            .OfText(
                "Loki JSON",
                text => LokiIntake.OfJson(Encoding.UTF8.GetBytes(text), Source.Outside, 1),
                """{"streams":[{"stream":{"app":"a"},"values":[["1700000000000000000","hello"],["1700000000000000001","x",{"k":"v"}]]}]}"""
            )
            .Refuses<ProblemException>()
            .Refuses<InvalidDataException>()
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText("Loki labels", text => LokiLabels.Read(text), """{app="shop", level="in\"fo"}""")
            .Refuses<InvalidDataException>();
        yield return OutsideReader
            .OfText(
                "syslog",
                ReadSyslog,
                "<34>1 2026-10-11T22:14:15.003Z host su - ID47 [a@1 k=\"v\\\"\"] failed\n",
                "<34>Oct 11 22:14:15 host su: failed\n",
                "46 <34>1 2026-10-11T22:14:15.003Z host su - - - x"
            )
            .Refuses<InvalidDataException>();
    }

    private static void ReadSyslog(string text)
    {
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        while (SyslogFrames.TryRead(rest, out var message, out var taken))
        {
            SyslogMessage.Read(message, 1);
            rest = rest[taken..];
        }
    }

    private static IEnumerable<OutsideReader> Files()
    {
        yield return OutsideReader
            .OfText("manifest", text => Shop.Load(text), Golden("Manifests/Golden", "\n----------\n").Where(IsGood))
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "rules",
                text => RuleFile.Read("rules.yaml", text),
                "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n    annotations: {summary: '{{ $labels.job }}'}\n"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "template",
                text => Template.Read(text),
                "{{ if gt $value 1.0 }}{{ $labels.job | toUpper }}{{ end }}"
            )
            .Refuses<TemplateException>();
        yield return OutsideReader.OfText(
            "redirects, headers and vercel.json",
            text => SiteRules.Read(_ => text),
            "/old/* /new/:splat 301!\n/a id=:id /b/:id 302\n",
            "/*\n  X-Frame-Options: DENY\n",
            """{"redirects":[{"source":"/a/:b","destination":"/c/:b","permanent":true}],"cleanUrls":true}"""
        );
        yield return OutsideReader.OfText(
            "references of a page",
            text => HtmlReferences.Of("/a/index.html", text),
            "<link rel=stylesheet href='../x.css'><script src=/a.js></script><img srcset=\"a 1x, b 2x\">"
        );
        yield return OutsideReader.OfText(
            "gitignore",
            text => Gitignore.Parse(text),
            "*.log\n!keep.log\n/build/\n**/[ab]?.tmp\n"
        );
        yield return OutsideReader
            .OfText(
                "audit export",
                text => JournalExport.Check(text.Split('\n')),
                """{"format":"fairlead journal 1","publicKey":"none"}""",
                """{"format":"fairlead journal 1","publicKey":"none"}"""
                    + "\n"
                    + """{"removal":{"first":1,"before":"00","head":{"size":1,"root":"00","chain":"00","at":"2026-01-01T00:00:00+00:00","key":"k","signature":"AA=="},"peaks":["00"],"oldest":"","newest":"","at":"2026-01-01T00:00:00+00:00","by":"a","policy":"b","key":"k","signature":"AA=="}}"""
            )
            .Refuses<FormatException>();
        yield return OutsideReader
            .OfText(
                "proof of a line of the journal",
                text => JournalProof.Read(text).Fault(),
                """{"format":"fairlead line 1","publicKey":"none","before":"00","line":{"row":{"sequence":1,"at":"2026-01-01","app":"a","environment":"b","deployment":null,"fence":1,"kind":"c","text":"d","body":null},"hash":"00"},"path":["00"],"head":{"size":1,"root":"00","chain":"00","at":"2026-01-01T00:00:00+00:00","key":"k","signature":"AA=="}}"""
            )
            .Refuses<FormatException>();
    }

    private static void Import(params (string Path, string Text)[] files) =>
        KubernetesImport.Run(
            new MemoryTree(files.ToDictionary(static one => one.Path, static one => one.Text)),
            ".",
            null
        );

    private static IEnumerable<OutsideReader> Compose()
    {
        yield return OutsideReader
            .OfText(
                "Compose file",
                text =>
                    ComposeImport.Run(
                        new MemoryTree(new Dictionary<string, string> { ["compose.yaml"] = text }),
                        new(["compose.yaml"])
                    ),
                "services:\n  a: &a\n    build: { context: ., args: [A=1] }\n    ports: ['127.0.0.1:8000-8001:80-81/udp', 80]\n    environment: [\"A=${B:-${C-d}}$$\", DB_KEY=x]\n    healthcheck: { test: curl -f http://localhost/a || exit 1, interval: 1m30s }\n  b:\n    <<: *a\n    volumes: ['d:/data:ro', { type: tmpfs, target: /t }]\n    depends_on: { a: { condition: service_healthy } }\nvolumes: { d: }\n",
                "services: {a: {extends: b, command: \"x 'y z'\", deploy: {replicas: 2, resources: {limits: {cpus: '.5', memory: 1g}}}}, b: {build: .}, c: {image: redis}}\nsecrets: {s: {file: ./s}}"
            )
            .Refuses<ProblemException>();
        const string pod =
            "apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { app: a } }\nspec: { containers: [{ name: a, image: redis }] }\n";
        yield return OutsideReader
            .OfText(
                "Objects of Kubernetes",
                text => Import(("all.yaml", text), ("pod.yaml", pod)),
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a, labels: { l: m } }\nspec:\n  replicas: 2\n  strategy: { rollingUpdate: { maxSurge: 25% } }\n  template:\n    metadata: { labels: { app: a } }\n    spec:\n      containers:\n        - name: a\n          image: redis:7\n          args: [--x, $(Y)]\n          env: [{ name: Y, value: \"http://b:80/$(Z)\" }, { name: Z, valueFrom: { secretKeyRef: { name: s, key: k } } }]\n          ports: [{ containerPort: 6379, name: p }]\n          readinessProbe: { httpGet: { path: /, port: p }, periodSeconds: 5 }\n          resources: { limits: { cpu: 250m, memory: 64Mi } }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: b }\nspec: { selector: { app: a }, ports: [{ port: 80, targetPort: p }] }\n",
                "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: {kind: Deployment, name: a}, minReplicas: 1, maxReplicas: 500, metrics: [{type: Resource, resource: {name: cpu, target: {averageUtilization: 70}}}]}}"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "Kustomization",
                text => Import(("kustomization.yaml", text), ("pod.yaml", pod)),
                "resources: [pod.yaml]\nimages: [{ name: redis, newTag: '8' }]\nreplicas: [{ name: a, count: 3 }]\nconfigMapGenerator: [{ name: c, literals: [A=b], envs: [pod.yaml], files: [pod.yaml] }]\nnamespace: n\npatches: [{ path: x }]\n"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "Compose's .env",
            text =>
                EnvironmentFile.Read(
                    text,
                    new Dictionary<string, string>(),
                    number => new(new(".env", "."), number, 1),
                    new Notes()
                ),
            "# c\nexport A=b # c\nB='$A'\nC=\"x\\n${A:-d}\ny\"\nD\n"
        );
        yield return OutsideReader.OfText(
            "Dockerfile",
            text => Dockerfile.Read(text, target: null),
            "ARG V=1\nFROM --platform=x node:${V} AS b\nFROM b\nEXPOSE 80/tcp\nENTRYPOINT [\"a\"]\nCMD b \\\n c\n"
        );
    }

    private static bool IsGood(string manifest)
    {
        try
        {
            Shop.Load(manifest);
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private static IEnumerable<OutsideReader> Questions()
    {
        yield return OutsideReader
            .OfText(
                "PromQL",
                text => Parser.Read(text),
                "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m] offset 1h)) / ignoring(code) group_left up",
                "histogram_quantile(0.9, sum(rate(x_bucket[1m])) by (le)) > bool 0.5 and on() vector(1)",
                "max_over_time(a[1h:5m] @ end())"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "series of rule tests",
                text => SeriesNotation.Read("up{a=\"b\"}", text),
                "1+2x3 _ _x2 stale -1.5-1x2"
            )
            .Refuses<FormatException>();
    }

    private static IEnumerable<OutsideReader> Edge()
    {
        yield return OutsideReader
            .OfText(
                "an app's answer",
                text => new AnswerHead().Read(Encoding.Latin1.GetBytes(text)),
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            .Refuses<BadAnswerException>();
        yield return OutsideReader.OfText(
            "request target",
            text =>
            {
                var target = RequestTarget.Of(text);
                RequestTarget.WithoutFirst(target);
                RequestTarget.HasDisguisedDots(target);
            },
            "/a/../b/%2e%2e/c?d=../e",
            "http://host/a;b/..;/c",
            "*"
        );
        yield return OutsideReader.OfText("byte range", text => ByteRange.Read(text, 1000), "bytes=0-499", "bytes=-5");
        yield return OutsideReader.OfText(
            "cookie",
            text => _ = CookieLine.Find(text, "ab").Length,
            "theme=dark; ab=\"b\"; fairlead-cohort=9f3a"
        );
        yield return OutsideReader.OfText(
            "X-Forwarded-For",
            text => ClientAddress.Of(IPAddress.Loopback, text, new Networks(["127.0.0.0/8", "10.0.0.0/8"])),
            "192.0.2.7, 10.0.0.1",
            "[2001:db8::7]:4711, 10.0.0.2:80"
        );
        yield return new OutsideReader(
            "client hello",
            [Hello()],
            bytes =>
            {
                var sequence = new ReadOnlySequence<byte>(bytes);
                ClientHello.IsPart(sequence);
                ClientHello.Offers(sequence, "h2"u8);
            }
        );
        yield return new OutsideReader(
            "WebSocket frames",
            [
                [0x81, 0x85, 1, 2, 3, 4, 5, 6, 7, 8, 9],
                [0x82, 126, 0, 3, 1, 2, 3],
            ],
            bytes => new FrameBoundary().Advance(bytes)
        );
    }

    // A client that offers h2 and http/1.1.
    private static byte[] Hello()
    {
        byte[] alpn = [0, 16, 0, 14, 0, 12, 2, .. "h2"u8, 8, .. "http/1.1"u8];
        byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, 0, (byte)alpn.Length, .. alpn];
        return [22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body];
    }

    private static IEnumerable<OutsideReader> Peers()
    {
        yield return new OutsideReader(
            "DNS",
            [
                Convert.FromHexString(
                    "123481800001000100000000"
                        + "03777777076578616d706c6503636f6d0000100001"
                        + "c00c001000010000000500060568656c6c6f"
                ),
            ],
            bytes => DnsReader.Read(bytes)
        ).Refuses<InvalidDataException>();
        yield return new OutsideReader(
            "BSON",
            [Convert.FromHexString("160000000268656c6c6f0006000000776f726c640000")],
            bytes => Bson.Read(bytes)
        ).Refuses<NotUnderstoodException>();
        yield return OutsideReader.OfText("zone file's text", text => QuotedText.Read(text), "\"a\\\"b\" \"c\\059\"");
        yield return new OutsideReader(
            "remote read's answer",
            [Snappy.CompressToArray([0x0a, (byte)Inflated(Written).Length, .. Inflated(Written)])],
            bytes => RemoteMessages.ReadAnswer(bytes, 1 << 20)
        ).Refuses<InvalidDataException>();
    }

    private static IEnumerable<OutsideReader> Sealed()
    {
        yield return new OutsideReader(
            "file of age",
            [
                SealedSamples.Bytes("age.bin"),
                Encoding.ASCII.GetBytes(AgeFile.Seal("A=b"u8, [SealedSamples.Pair().Recipient])),
            ],
            bytes => AgeFile.Open(bytes, SealedSamples.Identity())
        ).Refuses<FormatException>();
        yield return OutsideReader
            .OfText(
                "file of SOPS",
                text => SopsFile.Read(text, SealedSamples.Identity()),
                SealedSamples.Text("sops.env"),
                SealedSamples.Text("sops.json")
            )
            .Refuses<FormatException>();
        yield return OutsideReader
            .OfText(
                "secrets in a file of age",
                text =>
                    Assert.All(
                        Fairlead.Drivers.Secrets.SecretFiles.Content(text),
                        one => FoundSecret.Of(one.Name, one.Text)
                    ),
                "# of shop\nA=b\nexport B=\"two\\nlines\"\nC='x'\n",
                """{"A":"b","B":["c"]}"""
            )
            .Refuses<FormatException>();
        yield return OutsideReader.OfText(
            "recipient of age",
            text => AgeKey.Recipient(text),
            SealedSamples.Pair().Recipient,
            SealedSamples.Pair().Identity
        );
    }

    private static IEnumerable<OutsideReader> Words()
    {
        yield return OutsideReader
            .OfText(
                "remote address",
                text => RemoteAddress.Read(text, _ => null),
                "https://metrics.example.org/api/v1/write"
            )
            .Refuses<ProblemException>();
        yield return OutsideReader.OfText(
            "password hash",
            text => PhcText.TryParse(text),
            "$argon2id$v=19$m=32768,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA"
        );
        yield return OutsideReader.OfText(
            "small words",
            ReadWords,
            "1h30m",
            "shop/production",
            "api@42#0",
            "12.5%",
            "fla_0123456789ab_abcdefghijklmnop",
            "Fri 16:00 - Mon 08:00 Europe/Berlin",
            "0af7651916cd43dd8448eb211c80319c",
            "vault:kv/shop#password",
            "10/1m",
            "deployer@shop/storefront/staging"
        );
    }

    private static void ReadWords(string text)
    {
        Units.TryParseDuration(text);
        Site.TryParse(text);
        Part.TryParse(text);
        InstanceKey.TryParse(text);
        Percent.TryParse(text);
        AccessToken.IdOf(text);
        FreezeWindow.TryParse(text);
        TraceId.TryParse(text);
        SecretReference.TryParse(text);
        Rate.TryParse(text);
        GrantText.TryParse(text);
    }

    private static IEnumerable<string> Bodies(string vendor) =>
        GoldenCases
            .Names.Where(name => name.StartsWith(vendor, StringComparison.Ordinal))
            .Select(GoldenCases.Body)
            .Where(static body => body.TrimStart().StartsWith('{'));

    private static string[] Golden(string folder, string line) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Here(), "..", folder), "*.txt")
                .Order(StringComparer.Ordinal)
                .Select(file => File.ReadAllText(file).Split(line)[0]),
        ];

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
