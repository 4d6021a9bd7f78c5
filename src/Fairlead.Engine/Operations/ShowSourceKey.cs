using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Shows the key with which a sender that Fairlead did not start may send telemetry.</summary>
public static class ShowSourceKey
{
    public sealed record Input
    {
        [Description("Whose telemetry it is; another system's when left out, which is filed as it names itself.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Only this service; the whole app when left out.")]
        [Names("service")]
        public string? Service { get; init; }
    }

    /// <param name="Key">Lets its holder send, nothing else. It does not change.</param>
    /// <param name="SentryDsn">For Sentry's libraries.</param>
    /// <param name="OtlpEndpoint">For OpenTelemetry's libraries, with the header <c>x-fairlead-key</c>.</param>
    /// <param name="RemoteWrite">For Prometheus, with the key as bearer's token.</param>
    public sealed record Output(string Key, Uri SentryDsn, Uri OtlpEndpoint, Uri RemoteWrite);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "telemetry.key",
            "Show the key with which others may send metrics, logs, errors and traces.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead telemetry key shop --service api"],
            Needs = Need.OfNamed(Permission.Develop),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.Service is { } service && (input.App is null || !Site.IsName(service)))
        {
            throw new ProblemException(
                new Problem(
                    "telemetry.no-such-service",
                    What: $"A key for the service '{service}' cannot be made.",
                    Why: input.App is null ? "No app was named with it." : "No service can have such a name.",
                    Fix: "Write for example: fairlead telemetry key shop --service api"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var source = input.App is null
            ? Source.Outside
            : new Source(
                (await Sites.FindAsync(engine.Server, input.App, input.Environment, stop)).Site,
                input.Service
            );
        var sending =
            engine.Server.Conductor.Ports.Sending ?? throw new InvalidOperationException("Nothing takes telemetry.");
        var key = sending.Keys.For(source);
        return new(
            key,
            new Uri($"{sending.Url.Scheme}://{key}@{sending.Url.Authority}/1"),
            new Uri(sending.Url, "/otlp"),
            new Uri(sending.Url, "/api/v1/write")
        );
    }
}
