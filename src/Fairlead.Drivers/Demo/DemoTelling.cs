using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Demo;

/// <summary>What simulated apps would tell of themselves beside what an edge counts: traces of requests through them, errors, and what users' browsers measured.</summary>
public sealed class DemoTelling(
    DemoGround ground,
    (ISpanIntake Spans, IErrorInbox Errors, IVitalStore Vitals) to,
    World world
) : IBackgroundWork
{
    private const int PastErrors = 60;
    private const string PeerService = "peer.service";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // What is called by what, and how long its own work takes in milliseconds; the first is where requests come in.
    private static readonly (
        string Name,
        string App,
        string Service,
        string Operation,
        double Own,
        string[] Calls
    )[] Works =
    [
        ("web", "storefront", "web", "GET /cart", 6, ["api"]),
        ("api", "storefront", "api", "GET /api/cart", 11, ["orders", "query", "gateway", "accounts"]),
        ("orders", "storefront", "orders db", "SELECT orders", 9, []),
        ("query", "search", "query", "GET /search", 14, ["index"]),
        ("index", "search", "index", "search documents", 12, []),
        ("gateway", "payments", "gateway", "POST /charge", 21, ["ledger", "provider"]),
        ("provider", "payments", "provider", "POST /v3/charges", 64, []),
        ("ledger", "ledger", "entries", "POST /entries", 8, ["books"]),
        ("books", "ledger", "books db", "INSERT entries", 6, []),
        ("accounts", "accounts", "sessions", "GET /session", 5, []),
    ];

    private static readonly (
        string App,
        string Service,
        string Type,
        string Says,
        string Function,
        string File,
        int Line,
        string Doing
    )[] Faults =
    [
        (
            "storefront",
            "api",
            "TimeoutError",
            "the database did not answer within 250 ms",
            "loadCart",
            "src/cart/store.ts",
            88,
            "GET /api/cart"
        ),
        (
            "storefront",
            "web",
            "TypeError",
            "Cannot read properties of undefined (reading 'price')",
            "totalOf",
            "src/pages/checkout.tsx",
            41,
            "/checkout"
        ),
        (
            "payments",
            "gateway",
            "ProviderException",
            "the provider answered 503 Service Unavailable",
            "Charge",
            "Payments/Provider.cs",
            127,
            "POST /charge"
        ),
        (
            "payments",
            "gateway",
            "IdempotencyConflict",
            "this key was used with another amount",
            "Reserve",
            "Payments/Keys.cs",
            52,
            "POST /charge"
        ),
        (
            "search",
            "query",
            "IndexCorrupted",
            "segment 41 has a checksum of another file",
            "open_segment",
            "index/segments.py",
            203,
            "GET /search"
        ),
        (
            "accounts",
            "sessions",
            "ValidationError",
            "e-mail address has no domain",
            "parse",
            "app/models/address.rb",
            17,
            "POST /accounts"
        ),
        ("blog", "web", "NotFound", "no post is called 'helo-world'", "find", "lib/posts.ex", 64, "GET /posts/:slug"),
    ];

    public string Name => "demo-telling";

    public async Task RunAsync(CancellationToken stop)
    {
        for (var index = 0; index < PastErrors; index++)
        {
            await ErrorAsync(world.Now.AddMinutes(-world.Random.Next(5, 14 * 24 * 60)), stop);
        }
        while (true)
        {
            var random = world.Random;
            to.Spans.Take([.. Enumerable.Range(0, random.Next(2, 6)).SelectMany(_ => Trace())]);
            if (random.Next(4) == 0)
            {
                await ErrorAsync(world.Now, stop);
            }
            var seen = ground
                .Flows()
                .Where(static one =>
                    one.IsRouted && one.Site.Environment == "production" && one.Flow.Part.Service == "web"
                )
                .Select(one => DemoViews.Of(one.Site, one.Flow.Part.Since, random))
                .ToList();
            if (seen.Count > 0)
            {
                await to.Vitals.AddAsync(seen, stop);
            }
            await Task.Delay(Every, world.Clock, stop);
        }
    }

    private Task<Taken> ErrorAsync(DateTimeOffset at, CancellationToken stop)
    {
        // The first kinds are the common ones.
        var random = world.Random;
        var fault = Faults[Math.Min(random.Next(Faults.Length), random.Next(Faults.Length))];
        var site = new Site(fault.App, "production");
        var part = PartOf(site, fault.Service);
        var one = new ErrorEvent
        {
            Id = world.NewId(),
            At = at,
            Transaction = fault.Doing,
            Platform = fault.File.EndsWith(".ts", StringComparison.Ordinal) ? "node" : "other",
            Service = fault.Service,
            User = $"user-{random.Next(300)}",
            IsHandled = random.Next(3) > 0,
            Exceptions =
            [
                new(
                    fault.Type,
                    fault.Says,
                    [
                        new()
                        {
                            Function = fault.Function,
                            File = fault.File,
                            Line = fault.Line,
                            IsInApp = true,
                        },
                        new()
                        {
                            Function = "handle",
                            File = "src/server/router.ts",
                            Line = 212,
                            IsInApp = true,
                        },
                    ]
                ),
            ],
            Tags = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["browser"] = random.Next(2) == 0 ? "Firefox 142" : "Chrome 141",
                ["region"] = random.Next(2) == 0 ? "eu-central" : "eu-north",
            },
        };
        return to.Errors.TakeAsync(new Source(site, fault.Service, part), new ErrorReport { Events = [one] }, stop);
    }

    private Part? PartOf(Site site, string service) =>
        ground
            .Flows()
            .FirstOrDefault(one => one.IsRouted && one.Site == site && one.Flow.Part.Service == service)
            .Flow?.Part;

    private List<Span> Trace()
    {
        var random = world.Random;
        var trace = new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64() | 1);
        var spans = new List<Span>();
        var start = (world.Now - DateTimeOffset.UnixEpoch).Ticks * 100 - random.NextInt64(0, 4_000_000_000);
        // Most requests touch two services; one in five goes all the way.
        var (isDeep, isSlow) = (random.Next(5) == 0, random.Next(40) == 0);
        Work(Works[0], caller: null, SpanId.None, start);
        return spans;

        long Work(
            (string Name, string App, string Service, string Operation, double Own, string[] Calls) work,
            SpanSender? caller,
            SpanId parent,
            long at
        )
        {
            var id = new SpanId((ulong)random.NextInt64() | 1);
            var own = (long)(work.Own * (0.6 + random.NextDouble()) * (isSlow ? 9 : 1) * 1_000_000);
            var now = at + own / 2;
            var site = new Site(work.App, "production");
            // What sends no spans of its own is only seen by whoever calls it.
            var isSilent = work.Name is "orders" or "books" or "index" or "provider" && caller is not null;
            var sender = isSilent
                ? caller!
                : SpanSender.Of(new Source(site, work.Service, PartOf(site, work.Service)), []);
            foreach (var call in work.Calls.Where(_ => isDeep || random.Next(2) == 0))
            {
                now = Work(Works.First(one => one.Name == call), sender, id, now) + 200_000;
            }
            var hasFailed = work.Name is "provider" or "orders" && random.Next(60) == 0;
            spans.Add(
                new()
                {
                    Trace = trace,
                    Id = id,
                    Parent = parent,
                    Name = work.Operation,
                    Kind = isSilent ? SpanKind.Client : SpanKind.Server,
                    Start = at,
                    End = now + own / 2,
                    Status = hasFailed ? SpanStatus.Error : SpanStatus.Unset,
                    StatusText = hasFailed ? "it did not answer in time" : "",
                    Sender = sender,
                    Attributes = isSilent
                        ? [new(PeerService, work.Service)]
                        : [new("http.response.status_code", hasFailed ? "503" : "200")],
                }
            );
            return now + own / 2;
        }
    }
}
