using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Completing;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Mcp;
using Fairlead.Faces.Specialist;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>Offers every operation as a command, beside the commands of the program itself.</summary>
public static class CliFace
{
    // What a shell reports for a program that Ctrl-C ended.
    private const int Interrupted = 130;

    /// <summary>Everything that can be typed.</summary>
    /// <param name="own">Commands of the program that are no operations: up, down, open.</param>
    public static IReadOnlyList<Verb> Verbs(
        CliContext context,
        IReadOnlyList<Operation> operations,
        IReadOnlyList<Verb> own
    )
    {
        List<Verb> verbs = [.. operations.Select(operation => OperationRun.VerbOf(operation, context)), .. own];
        verbs.Add(TopVerb.Of(context));
        verbs.Add(HelpVerbs.Help(context, verbs));
        verbs.Add(HelpVerbs.Version(context));
        verbs.Add(McpVerb.Of(context));
        verbs.Add(SpecialistVerb.Of(context));
        verbs.Add(CompletionVerbs.Completion(context));
        verbs.Add(CompletionVerbs.Complete(context, verbs));
        return verbs;
    }

    /// <summary>Does what the words say.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        CliContext context,
        IReadOnlyList<Verb> verbs,
        IReadOnlyList<string> words,
        CancellationToken stop
    )
    {
        var options = words.TakeWhile(word => word is not "--").ToArray();
        var globals = new Globals { Json = options.Contains("--json"), NoColor = options.Contains("--no-color") };
        var reply = new Reply(context.Terminal, CommandLine.VerbOf(verbs, options)?.Name ?? "fairlead", globals);
        try
        {
            var call = CommandLine.Parse(verbs, words);
            globals = call.Globals;
            reply = new Reply(context.Terminal, call.Verb.Name, globals);
            return globals.Help ? HelpVerbs.Show(reply, verbs, call.Verb) : await call.Verb.RunAsync(call, stop);
        }
        catch (ProblemException caught)
        {
            return reply.Failed(caught.Problems);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception caught)
        {
            return reply.Failed([
                Fault.Kept(caught, context.Open(globals with { Server = null, IsHere = true }).Folder, context.World),
            ]);
        }
    }
}
