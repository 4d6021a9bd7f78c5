using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Sends an app's errors on to a vendor as well, as they came.</summary>
public static class ForwardErrors
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("A Sentry DSN, or https://KEY@HOST of Rollbar or BugSnag; off ends it.")]
        public required string To { get; init; }
    }

    /// <param name="Host">Where they are sent on to; null for nowhere. The key is not shown.</param>
    public sealed record Output(string App, string? Host);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "error.forward",
            "Send an app's errors on to Sentry, Rollbar or BugSnag as well.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead error forward shop --to https://key@errors.example/1",
                "fairlead error forward shop --to off",
            ],
            Needs = Need.Of(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var target = input.To == "off" ? null : Target(input.To);
        var site = (await Sites.FindAsync(engine.Server, input.App, input.Environment, stop)).Site;
        await engine.Server.Errors.SetForwardAsync(site, target is null ? null : new(target, Most(engine)), stop);
        return new(site.ToString(), target?.Authority);
    }

    // Who runs one app alone sends Fairlead no further than they could go themselves: not to this machine, nor into its networks.
    internal static AddressKind Most(EngineContext engine) =>
        engine.Standing?.MayAll(Permission.Operate) ?? true ? AddressKind.Inside : AddressKind.Public;

    private static Uri Target(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var target)
        && target.Scheme is "http" or "https"
        && target.UserInfo.Length > 0
            ? target
            : throw new ProblemException(
                new Problem(
                    "error.forward-target",
                    What: "Errors cannot be sent on to there.",
                    Why: "It takes an address with a key in it, by http or https.",
                    Fix: "Write for example: fairlead error forward shop --to https://KEY@o1.ingest.sentry.io/42"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
