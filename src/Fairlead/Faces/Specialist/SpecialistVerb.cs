using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Mcp;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Specialist;

/// <summary>The command that walks all phases of a deployment, without a model, and writes down what it saw.</summary>
internal static class SpecialistVerb
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromHours(4);

    /// <summary>What it is about.</summary>
    public sealed record SpecialistInput
    {
        [Description("The app.")]
        [Positional]
        [Names("app")]
        public required string App { get; init; }

        [Description("Its environment.")]
        public string Environment { get; init; } = "production";

        [Description("Folder with the fairlead.yaml that is to go out; left out, what is live is looked after.")]
        public string? Source { get; init; }

        [Description("Minutes to wait for a person to approve the plan: 0 to 240.")]
        public int Wait { get; init; }

        [Description("Folder for the record, in Markdown and JSON.")]
        public string Record { get; init; } = ".";
    }

    public static Verb Of(CliContext context) =>
        new(
            "specialist",
            "Walk all phases of a deployment, do what is safe, ask for the rest, and write a record.",
            typeof(SpecialistInput),
            (call, stop) => RunAsync(context, call, stop)
        )
        {
            Effect = Effect.Changes,
        };

    private static async Task<int> RunAsync(CliContext context, Call call, CancellationToken stop)
    {
        var reply = new Reply(context.Terminal, "specialist", call.Globals);
        var site = new Site(call.Text("app") ?? "", call.Text("environment") ?? "production");
        if (!Site.IsName(site.App) || !Site.IsName(site.Environment))
        {
            throw new ProblemException(
                Wrong("An app and an environment have names of lower-case letters, digits and dashes.")
            );
        }
        var minutes = (int)Math.Clamp(call.Input["wait"]?.GetValue<long>() ?? 0, -1, int.MaxValue);
        if (minutes < 0 || minutes > WaitMax.TotalMinutes)
        {
            throw new ProblemException(Wrong($"--wait is 0 to {WaitMax.TotalMinutes:0} minutes."));
        }
        var platform = context.Open(call.Globals with { Agent = "specialist" });
        var workspace = new Workspace(context.Terminal.Folder, platform);
        var order = new SpecialistOrder(site.App, site.Environment, call.Text("source"), TimeSpan.FromMinutes(minutes));
        var walk = new Engine.Operations.Agents.Specialist(order, workspace.AskAsync, context.World, reply.Note);
        var record = await walk.RunAsync(stop);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{site.App}-{site.Environment}-{record.Began:yyyyMMdd-HHmmss}"
        );
        var folder = Path.GetFullPath(call.Text("record") ?? ".", context.Terminal.Folder);
        var data = JsonSerializer.SerializeToNode(record, Schemas.Json)!;
        NewFile.Write(Path.Combine(folder, $"{name}.md"), record.Markdown());
        NewFile.Write(
            Path.Combine(folder, $"{name}.json"),
            data.ToJsonString(new JsonSerializerOptions { WriteIndented = true })
        );
        reply.Note($"The record: {Path.Combine(folder, $"{name}.md")}");
        var code = reply.Done(
            data,
            [
                .. record.Phases.Select(static one =>
                    $"{one.Stage, -11} {one.Phase, -21} {one.Result.ToString().ToLowerInvariant(), -8} {(one.Found.Count == 0 ? "" : one.Found[0])}"
                ),
                .. record.Phases.Where(static one => one.Ask is not null).Select(static one => $"to do: {one.Ask}"),
            ]
        );
        // Who runs it in a script wants to know.
        return record.Phases.Any(static one => one.Result is PhaseResult.Failed) ? 1 : code;
    }

    private static Problem Wrong(string why) =>
        new(
            "specialist.wrong-order",
            What: "The walk cannot begin.",
            Why: why,
            Fix: "Write for example: fairlead specialist shop --source ."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
