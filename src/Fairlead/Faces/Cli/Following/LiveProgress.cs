using System.Globalization;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fairlead.Faces.Cli.Following;

/// <summary>A deployment as a picture that redraws itself, on a terminal.</summary>
internal static class LiveProgress
{
    private const int BarWidth = 20;

    /// <summary>Draws until the deployment is over.</summary>
    public static async Task<FollowPage?> ShowAsync(
        Terminal terminal,
        World world,
        IAsyncEnumerable<FollowPage> pages,
        CancellationToken stop
    )
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(terminal.Error) }
        );
        FollowPage? last = null;
        await console
            .Live(new Text(""))
            .AutoClear(false)
            .StartAsync(async picture =>
            {
                await foreach (var page in pages.WithCancellation(stop))
                {
                    last = page;
                    picture.UpdateTarget(Picture(page, world.Now));
                    picture.Refresh();
                }
            });
        return last;
    }

    internal static IRenderable Picture(FollowPage page, DateTimeOffset now)
    {
        var deployment = page.Deployment;
        var rows = new List<IRenderable>
        {
            new Text(DeploymentText.Heading(deployment), new Style(decoration: Decoration.Bold)),
        };
        rows.AddRange(deployment.Steps.Select(Step));
        if (deployment.Parts.Count > 0)
        {
            rows.Add(Parts(deployment.Parts));
        }
        rows.AddRange(
            deployment.Parts.Select(DeploymentText.Mirrored).OfType<string>().Select(one => new Text($"  {one}"))
        );
        rows.AddRange(deployment.Verdicts.Select(verdict => new Text(Verdict(verdict))));
        rows.Add(new Text(Foot(page, now), new Style(decoration: Decoration.Dim)));
        return new Rows(rows);
    }

    private static Text Step(StepView step) =>
        new(
            $"  {DeploymentText.Mark(step.State)} {Plain.Of(step.Text)}",
            step.State switch
            {
                "done" => new Style(Color.Green),
                "current" => new Style(decoration: Decoration.Bold),
                _ => new Style(decoration: Decoration.Dim),
            }
        );

    private static Spectre.Console.Table Parts(IReadOnlyList<PartView> parts)
    {
        var table = new Spectre.Console.Table().NoBorder();
        table.AddColumns("", "share", "", "ready", "req/s", "errors %", "p95 ms");
        foreach (var part in parts)
        {
            table.AddRow(
                new Text($"  {part.Part}"),
                new Text(Bar(part.Share.Percent)),
                new Text(part.Share.ToString()),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{part.Ready}/{part.Wanted}")),
                new Text(DeploymentText.Figure(part.RequestsPerSecond)),
                new Text(DeploymentText.Figure(part.ErrorPercent)),
                new Text(DeploymentText.Figure(part.P95Milliseconds))
            );
        }
        return table;
    }

    private static string Bar(int percent)
    {
        var full = (percent * BarWidth + 99) / 100;
        return new string('█', full) + new string('░', BarWidth - full);
    }

    private static string Verdict(Model.Releases.Verdict verdict) =>
        $"  {verdict.Gate}: {verdict.Ruling.ToString().ToLowerInvariant()}. {Plain.Of(verdict.Reason)}";

    private static string Foot(FollowPage page, DateTimeOffset now)
    {
        var took = DeploymentText.Took(now - page.Deployment.RequestedAt);
        return !page.IsAnswered ? $"  {took}, the server does not answer; trying again"
            : page.Deployment.Waiting is { } waiting ? $"  {took}, waits for {Plain.Of(waiting)}"
            : $"  {took}";
    }
}
