using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Following;

/// <summary>Prints lines as they are written, until someone presses Ctrl-C.</summary>
internal sealed class Tail(Reply reply, IPlatform platform, World world)
{
    private const int WaitMilliseconds = 10_000;
    private static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ProblemException">The lines cannot be had, or the server stayed away for too long.</exception>
    public async Task RunAsync(string operation, JsonObject input, CancellationToken stop)
    {
        Print(await platform.AskAsync(operation, input, stop), input);
        DateTimeOffset? awaySince = null;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                input["waitMilliseconds"] = WaitMilliseconds;
                Print(await platform.AskAsync(operation, input, stop), input);
                awaySince = null;
            }
            catch (ProblemException caught) when (caught.Problem.Trouble == Trouble.Unreachable)
            {
                awaySince ??= world.Now;
                if (world.Now - awaySince > AwayMax)
                {
                    throw;
                }
                await Task.Delay(RetryDelay, world.Clock, stop);
            }
        }
    }

    private void Print(JsonNode page, JsonObject input)
    {
        foreach (var line in page["lines"]!.AsArray())
        {
            if (reply.Globals.Json)
            {
                reply.Event("line", line!);
            }
            else
            {
                reply.Terminal.Out.WriteLine(LogText.Line(line!));
            }
        }
        input["cursor"] = page["cursor"]?.DeepClone();
    }
}
