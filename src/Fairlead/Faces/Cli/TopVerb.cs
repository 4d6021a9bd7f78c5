using System.ComponentModel;
using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Faces.Dashboard;
using Fairlead.Faces.Dashboard.Pages;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Cli;

/// <summary>Shows the overview in the terminal, and keeps it as things are.</summary>
internal static class TopVerb
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private const string Home = "\u001b[H";
    private const string ClearLine = "\u001b[K";
    private const string ClearBelow = "\u001b[J";
    private const string ClearAll = "\u001b[2J";

    /// <summary>How it is shown.</summary>
    public sealed record Input
    {
        [Description("Show it once, and end.")]
        public bool Once { get; init; }
    }

    public static Verb Of(CliContext context) =>
        new(
            "top",
            "Show what is live, what changes and whether it is well, until Ctrl-C.",
            typeof(Input),
            (call, stop) => RunAsync(context, call, stop)
        );

    private static async Task<int> RunAsync(CliContext context, Call call, CancellationToken stop)
    {
        var (terminal, reply) = (context.Terminal, new Reply(context.Terminal, "top", call.Globals));
        var platform = context.Open(call.Globals);
        if (call.Flag("once") || call.Globals.Json || !terminal.IsOutTerminal)
        {
            var (model, raw) = await ReadAsync(platform, context, stop);
            return reply.Done(raw, [.. TopText.Lines(model)]);
        }
        terminal.Out.Write(ClearAll);
        IReadOnlyList<string> last = [];
        while (true)
        {
            try
            {
                var (model, _) = await ReadAsync(platform, context, stop);
                last = [.. TopText.Lines(model)];
                Show(terminal, last);
            }
            catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.Unreachable && last.Count > 0)
            {
                Show(terminal, [.. last, $"  No answer now: {caught.Problem.Why} This is what was last seen."]);
            }
            await Task.Delay(Look, context.World.Clock, stop);
        }
    }

    // Written over, line by line: a screen that is cleared first would flicker.
    private static void Show(Terminal terminal, IReadOnlyList<string> lines)
    {
        terminal.Out.Write(Home + string.Concat(lines.Select(static line => $"{line}{ClearLine}\n")) + ClearBelow);
        terminal.Out.Flush();
    }

    private static async Task<(OverviewModel Model, JsonObject Raw)> ReadAsync(
        IPlatform platform,
        CliContext context,
        CancellationToken stop
    )
    {
        var asking = new Asking(
            (operation, input, ending) => platform.AskAsync(operation.Name, input, ending),
            // Whoever may not see all of it is told so by the server, and sees the rest.
            static (_, _, _) => Task.FromResult(true),
            Principal.Owner,
            context.World
        );
        var model = await OverviewPage.ModelAsync(asking, stop);
        var raw = new JsonObject();
        foreach (var one in asking.Asked)
        {
            raw[one.Operation.Name] = one.Answer.DeepClone();
        }
        return (model, raw);
    }
}
