using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Passes logs on to another system from now on.</summary>
public static class SetForwarding
{
    private static readonly string[] Kinds = ["otlp", "elastic", "cloudwatch"];

    public sealed record Input
    {
        [Description("What to call it. One of this name is changed.")]
        [Positional]
        public required string Name { get; init; }

        [Description("What takes the logs there: otlp, elastic or cloudwatch.")]
        public required string Kind { get; init; }

        [Description("Where it is asked, such as https://collector.example:4318.")]
        public required string Url { get; init; }

        [Description("Name of the server's environment variable that holds its token or key; never the secret itself.")]
        public string? SecretVariable { get; init; }

        [Description("Elasticsearch's index or data stream.")]
        public string? Index { get; init; }

        [Description("CloudWatch's log group.")]
        public string? Group { get; init; }

        [Description("CloudWatch's log stream.")]
        public string? Stream { get; init; }

        [Description("AWS's region.")]
        public string? Region { get; init; }

        [Description("Only logs of this app.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only logs of this environment.")]
        public string? Environment { get; init; }

        [Description("Only logs at least as grave: trace, debug, info, warning, error or fatal.")]
        public string? Level { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, LogForwarding>(
            "forwarding.set",
            "Pass logs on to OTLP, Elasticsearch or CloudWatch from now on.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead forwarding set central --kind otlp --url https://collector.example:4318 --level warning",
                "fairlead forwarding set search --kind elastic --url https://search.example:9200 --index logs --secret-variable ELASTIC_KEY",
            ],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<LogForwarding> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var forwarding = Read(input);
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(LogForwarder.Collection, forwarding.Name, Records.Body(forwarding))],
            },
            stop
        );
        return forwarding;
    }

    /// <exception cref="ProblemException">All that is wrong with it.</exception>
    internal static LogForwarding Read(Input input)
    {
        List<Problem> findings = [];
        if (!Site.IsName(input.Name))
        {
            findings.Add(Wrong("name", input.Name, "A name has lower-case letters, digits and dashes."));
        }
        if (!Kinds.Contains(input.Kind))
        {
            findings.Add(Wrong("kind", input.Kind, $"There are {string.Join(", ", Kinds)}."));
        }
        if (!Uri.TryCreate(input.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            findings.Add(Wrong("url", input.Url, "It must begin with http:// or https://."));
        }
        if (url?.UserInfo is { Length: > 0 })
        {
            findings.Add(Wrong("url", "with a password", "Secrets belong into a variable: --secret-variable NAME."));
        }
        var level = input.Level is { } word ? Levels.OfWord(word) : Severity.Unset;
        if (input.Level is not null && level is Severity.Unset)
        {
            findings.Add(Wrong("level", input.Level, "Levels are trace, debug, info, warning, error and fatal."));
        }
        if (findings.Count > 0)
        {
            throw new ProblemException(findings);
        }
        var usual = new LogForwarding(input.Name, input.Kind, url!);
        return usual with
        {
            SecretVariable = input.SecretVariable,
            Index = input.Index ?? usual.Index,
            Group = input.Group ?? usual.Group,
            Stream = input.Stream ?? usual.Stream,
            Region = input.Region ?? usual.Region,
            App = input.App,
            Environment = input.Environment,
            Severity = level,
        };
    }

    private static Problem Wrong(string name, string text, string why) =>
        new(
            "forwarding.wrong",
            What: $"--{name} '{text}' cannot be used.",
            Why: why,
            Fix: "Write for example: fairlead forwarding set central --kind otlp --url https://collector.example:4318"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
