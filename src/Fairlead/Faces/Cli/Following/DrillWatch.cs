using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Following;

/// <summary>Shows a drill to its end. A drill may kill the server that is asked: it is asked again until another answers.</summary>
internal sealed class DrillWatch(Reply reply, IPlatform platform, World world)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(JsonNode started, CancellationToken stop)
    {
        var number = started["drill"]!.GetValue<int>();
        var (shown, heardAt, now) = (0, world.Now, started);
        while (now["state"]!.GetValue<string>() == "running")
        {
            await Task.Delay(LookEvery, world.Clock, stop);
            try
            {
                now = await platform.AskAsync("drill.show", new JsonObject { ["drill"] = number }, stop);
                heardAt = world.Now;
            }
            catch (ProblemException) when (world.Now - heardAt < SilenceMax)
            {
                continue;
            }
            foreach (var moment in now["moments"]!.AsArray().Skip(shown))
            {
                Show(moment!);
                shown++;
            }
        }
        if (now["why"] is { } why)
        {
            return reply.Failed(
                [
                    new Problem(
                        "drill.failed",
                        What: $"Drill {number} failed.",
                        Why: why.GetValue<string>(),
                        Fix: $"Read all of it: fairlead drill show {number}"
                    ),
                ],
                now
            );
        }
        var (failed, sent) = (now["failed"]?.GetValue<long>(), now["sent"]?.GetValue<long>());
        return reply.Done(now, [$"Drill {number} passed. Of {sent} requests of its visitor {failed} failed."]);
    }

    private void Show(JsonNode moment)
    {
        if (reply.Globals.Json)
        {
            reply.Event("moment", moment.DeepClone());
            return;
        }
        var after = moment["afterFault"] is { } seconds
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{seconds.GetValue<double>(), 7:0.0} s  "
            )
            : "           ";
        reply.Note($"{after}{moment["step"]}: {moment["seen"]}");
    }
}
