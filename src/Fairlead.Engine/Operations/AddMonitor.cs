using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at something of no app again and again; what apps need is said in their manifests.</summary>
public static class AddMonitor
{
    private const int MonitorsMax = 5_000;

    public sealed record Input
    {
        [Description(
            "Where to look: http(s):, tcp:, udp:, dns:, icmp:, tls:, ws(s):, grpc(s):, smtp(s):, postgres:, mysql:, redis:, mongodb:, amqp:, docker:, or push: for one that reports itself. ${NAME} is a variable of the server."
        )]
        [Positional]
        public required string Url { get; init; }

        [Description("Its name; one that is known is replaced.")]
        public required string Name { get; init; }

        [Description("Time between two looks, 5s to 1d.")]
        public string Every { get; init; } = "1m";

        [Description("How long one look may take, less than --every; 10s when left out.")]
        public string? Timeout { get; init; }

        [Description("How many failed looks in a row are forgiven, 0 to 10.")]
        public int Retries { get; init; } = 2;

        [Description("How late a sign of life may come; only with push:.")]
        public string Grace { get; init; } = "1m";

        [Description("Names of other monitors on the way there: while one is down, this one is unknown.")]
        public IReadOnlyList<string> DependsOn { get; init; } = [];

        [Description("Codes of HTTP that are good, such as 200, 2xx or 200-399.")]
        public IReadOnlyList<string> Status { get; init; } = [];

        [Description("A text that the answer holds.")]
        public string? Body { get; init; }

        [Description("A text that the answer must not hold.")]
        public string? Lacks { get; init; }

        [Description("A regular expression that fits somewhere in the answer.")]
        public string? Matches { get; init; }

        [Description("A value of an answer in JSON, PATH=VALUE, such as status=ok.")]
        public IReadOnlyList<string> JsonValue { get; init; } = [];

        [Description("A text that a header of the answer holds, 'NAME: TEXT'.")]
        public IReadOnlyList<string> AnswerHeader { get; init; } = [];

        [Description("How long the whole look may take.")]
        public string? Within { get; init; }

        [Description("How many days the certificate must still be good for.")]
        public int? TlsDays { get; init; }

        [Description("A value that a DNS answer holds.")]
        public IReadOnlyList<string> Record { get; init; } = [];

        [Description("The method of HTTP; GET when left out.")]
        public string? Method { get; init; }

        [Description("A header that is sent, 'NAME: TEXT'.")]
        public IReadOnlyList<string> Header { get; init; } = [];

        [Description("A body, or what is said first over tcp:, udp: or a web socket.")]
        public string? Send { get; init; }

        [Description("The certificate need not be one that this machine trusts.")]
        public bool AnyCertificate { get; init; }
    }

    /// <param name="Ping">Where its sign of life is given; null for one that looks itself.</param>
    /// <param name="Look">What is seen there now; null for one that reports itself.</param>
    public sealed record Output(
        string Monitor,
        string Url,
        string Every,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ping,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LookView? Look
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.add",
            "Look at something again and again, from this server.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead monitor add https://shop.example.com/healthz --name shop --every 30s --json-value status=ok --tls-days 14",
                "fairlead monitor add icmp://192.168.1.1 --name gateway",
                "fairlead monitor add 'redis://:${REDIS_PASSWORD}@10.0.0.5' --name cache --depends-on gateway",
                "fairlead monitor add push: --name backup --every 1d --grace 1h",
            ],
            Needs = Need.OfAll(Permission.Operate),
            AnswerMax = TimeSpan.FromMinutes(6),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var spec = Read(input);
        var (store, now) = (engine.Server.Store, engine.World.Now);
        var known = (await store.ListAsync(SavedMonitor.Collection, "", stop))
            .Select(one => Records.Read<SavedMonitor>(one).Spec)
            .Where(one => one.Name != spec.Name)
            .ToList();
        Check(spec, known);
        var saved = new SavedMonitor(spec, engine.Caller.ToString(), now);
        await store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(SavedMonitor.Collection, spec.Name, Records.Body(saved))],
            },
            stop
        );
        engine.Server.Monitors.Ring();
        var monitor = new MonitorDefinition(null, spec, MonitorOrigin.Added);
        // What is seen is told, and kept out of nobody's way: what is down now may be why somebody adds it.
        var look = spec.IsPush ? null : LookView.Of(await engine.Server.Monitors.TryAsync(monitor, stop));
        return new(spec.Name, AddScrape.Shown(spec.Url), spec.Every.Text, ShowMonitor.PingOf(engine, monitor), look);
    }

    private static void Check(MonitorSpec spec, List<MonitorSpec> known)
    {
        List<MonitorFault> faults =
        [
            .. MonitorFaults.Of(spec, isOfApp: false),
            .. MonitorFaults.Circles([.. known, spec]).Where(one => one.Monitor == spec.Name),
        ];
        if (
            spec.DependsOn.FirstOrDefault(name => known.All(one => one.Name != name) && name != spec.Name) is
            { } missing
        )
        {
            faults.Add(
                new(
                    "dependsOn",
                    $"The monitor '{spec.Name}' depends on '{missing}'.",
                    "There is no such monitor among those that were added by hand.",
                    "See them: fairlead monitor list"
                )
            );
        }
        if (known.Count >= MonitorsMax)
        {
            faults.Add(
                new(
                    "name",
                    "No more monitors can be added.",
                    $"There are {MonitorsMax}.",
                    "fairlead monitor remove NAME"
                )
            );
        }
        if (faults.Count > 0)
        {
            throw new ProblemException([.. faults.Select(one => Wrong(one.What, one.Why, one.Fix))]);
        }
    }

    private static MonitorSpec Read(Input input)
    {
        List<Problem> problems = [];
        if (!Site.IsName(input.Name))
        {
            problems.Add(
                Wrong(
                    "The monitor has no good name.",
                    "A name has at most 40 lower-case letters, digits and dashes, and begins with a letter.",
                    "Write for example: --name gateway"
                )
            );
        }
        TimeSpan Time(string option, string? text, TimeSpan usual)
        {
            if (text is null)
            {
                return usual;
            }
            if (Units.TryParseDuration(text) is { } time)
            {
                return time;
            }
            problems.Add(
                Wrong(
                    $"'{text}' is no time.",
                    $"--{option} takes a time such as 30s or 5m.",
                    $"Write for example: --{option} 30s"
                )
            );
            return usual;
        }
        var every = Time("every", input.Every, TimeSpan.FromMinutes(1));
        var spec = new MonitorSpec
        {
            Name = input.Name,
            Url = input.Url,
            Every = every,
            Timeout = Time("timeout", input.Timeout, MonitorFaults.UsualTimeout(every)),
            Retries = input.Retries,
            Grace = Time("grace", input.Grace, TimeSpan.FromMinutes(1)),
            DependsOn = input.DependsOn,
            Verify = !input.AnyCertificate,
            Request = input is { Method: null, Send: null, Header.Count: 0 }
                ? null
                : new()
                {
                    Method = input.Method?.ToUpperInvariant() ?? "GET",
                    Headers = Pairs("header", input.Header, ':', problems),
                    Send = input.Send,
                },
            Expect = ExpectOf(input, problems) with
            {
                Within = input.Within is null ? null : Time("within", input.Within, every),
            },
        };
        return problems.Count == 0 ? spec : throw new ProblemException(problems);
    }

    private static MonitorExpect ExpectOf(Input input, List<Problem> problems)
    {
        foreach (var wrong in input.Status.Where(one => CodeRange.TryParse(one) is null))
        {
            problems.Add(
                Wrong(
                    $"'{wrong}' is no status of HTTP.",
                    "It takes one such as 200, 2xx or 200-399.",
                    "Write for example: --status 2xx"
                )
            );
        }
        return new()
        {
            Status = [.. input.Status.Select(CodeRange.TryParse).OfType<CodeRange>()],
            Body = input.Body,
            Lacks = input.Lacks,
            Matches = input.Matches,
            Json = Pairs("json-value", input.JsonValue, '=', problems),
            Headers = Pairs("answer-header", input.AnswerHeader, ':', problems),
            TlsDays = input.TlsDays,
            Answer = input.Record,
        };
    }

    private static Dictionary<string, string> Pairs(
        string option,
        IReadOnlyList<string> texts,
        char between,
        List<Problem> problems
    )
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (
                text.IndexOf(between, StringComparison.Ordinal) is > 0 and var at
                && text[..at].Trim() is { Length: > 0 } name
                && !text.Any(char.IsControl)
            )
            {
                pairs[name] = text[(at + 1)..].Trim();
            }
            else
            {
                problems.Add(
                    Wrong(
                        $"--{option} cannot be read.",
                        $"It is of the shape NAME{between}TEXT, on one line.",
                        $"Write for example: --{option} 'status{between}ok'"
                    )
                );
            }
        }
        return pairs;
    }

    private static Problem Wrong(string what, string why, string fix) =>
        new("monitor.wrong", what, why, fix) { Trouble = Trouble.WrongUse };
}
