using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Following;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>Runs any operation as a command.</summary>
internal sealed class OperationRun(Operation operation, CliContext context)
{
    private readonly Presentation presentation = Presentations.Of(operation.Name);

    public static Verb VerbOf(Operation operation, CliContext context) =>
        new(operation.Name, operation.Summary, operation.Input, new OperationRun(operation, context).RunAsync)
        {
            Effect = operation.Effect,
            Examples = operation.Examples,
            Extras = Presentations.Extras(Presentations.Of(operation.Name).Live),
            Kept = Presentations.Kept(Presentations.Of(operation.Name).Live),
        };

    private async Task<int> RunAsync(Call call, CancellationToken stop)
    {
        var reply = new Reply(context.Terminal, operation.Name, call.Globals);
        var input = Inputs.Of(call, context.Terminal.Folder);
        Confidences.Fill(input, call, context.Terminal);
        if (operation.Effect == Effect.Destroys && !Consent.Asked(operation, call.Globals, context.Terminal))
        {
            reply.Note("Nothing was done.");
            return (int)Trouble.Failed;
        }
        if (operation.Runs == Runs.Here)
        {
            var here = context.Here(call.Globals.State) with { Say = reply.Note };
            var output = await operation.RunAsync(input, here, stop);
            if (presentation.StartsPlatform)
            {
                await context.Open(call.Globals).StartAsync(reply.Note, stop);
            }
            return Shown(reply, output);
        }
        var platform = context.Open(call.Globals);
        foreach (var option in call.Verb.Options.Where(one => one.IsFolder))
        {
            if (input[option.Property] is { } folder)
            {
                input[option.Property] = await platform.BringAsync(
                    folder.GetValue<string>(),
                    option.Sent,
                    reply.Note,
                    stop
                );
            }
        }
        return presentation.Live switch
        {
            Live.DeploymentById => await new Watch(reply, platform, context.World).RunAsync(
                call.Text("deployment")!,
                started: null,
                presentation.Goal,
                stop
            ),
            Live.Lines when call.Flag("follow") => await TailAsync(reply, platform, input, stop),
            Live.Deployment => await DeployAsync(reply, platform, (call, input), stop),
            Live.Drill when !call.Flag("detach") => await new DrillWatch(reply, platform, context.World).RunAsync(
                await platform.AskAsync(operation.Name, input, stop),
                stop
            ),
            _ => Shown(reply, await platform.AskAsync(operation.Name, input, stop)),
        };
    }

    // What was found is the payload, whether or not it is too bad; only the exit code differs.
    private int Shown(Reply reply, JsonNode output)
    {
        if (operation.IsDocument)
        {
            return reply.Done(output, [output.ToString()]);
        }
        if (!operation.FailsByProblems || output["problems"] is not JsonArray { Count: > 0 } problems)
        {
            return reply.Done(output);
        }
        List<Problem> all = [.. problems.Deserialize<List<Problem>>(Schemas.Json)!];
        if (!reply.Globals.Json)
        {
            var shown = output.DeepClone().AsObject();
            shown.Remove("problems");
            _ = reply.Done(shown);
        }
        return reply.Failed(all, output);
    }

    private async Task<int> DeployAsync(
        Reply reply,
        IPlatform platform,
        (Call Call, JsonObject Input) asked,
        CancellationToken stop
    )
    {
        if (presentation.StartsPlatform)
        {
            await platform.StartAsync(reply.Note, stop);
        }
        var output = await platform.AskAsync(operation.Name, asked.Input, stop);
        return Payload.DeploymentOf(output) is { } deployment && !asked.Call.Flag("detach")
            ? await new Watch(reply, platform, context.World).RunAsync(deployment.Id, output, presentation.Goal, stop)
            : reply.Done(output);
    }

    private async Task<int> TailAsync(Reply reply, IPlatform platform, JsonObject input, CancellationToken stop)
    {
        await new Tail(reply, platform, context.World).RunAsync(operation.Name, input, stop);
        return 0;
    }
}
