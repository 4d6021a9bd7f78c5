using System.ComponentModel;
using System.Runtime.CompilerServices;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Mcp;

/// <summary>The command with which an agent on this machine speaks with the server, over standard input and output.</summary>
internal static class McpVerb
{
    private const int NameLettersMax = 40;

    /// <summary>What it is called.</summary>
    public sealed record McpInput
    {
        [Description("What the agent is called in the journal: letters, digits and dashes.")]
        public string Name { get; init; } = "local";
    }

    public static Verb Of(CliContext context) =>
        new(
            "mcp",
            "Let an agent work with Fairlead: the Model Context Protocol on standard input and output.",
            typeof(McpInput),
            (call, stop) => RunAsync(context, call, stop)
        );

    private static async Task<int> RunAsync(CliContext context, Call call, CancellationToken stop)
    {
        var name = call.Text("name") ?? "local";
        if (
            name.Length is 0 or > NameLettersMax
            || !name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-')
        )
        {
            throw new ProblemException(
                new Problem(
                    "agent.wrong-name",
                    What: "--name cannot be used.",
                    Why: $"It has 1 to {NameLettersMax} letters, digits and dashes.",
                    Fix: "Write for example: fairlead mcp --name claude-code"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        // As an agent: whoever types at the other end may be told anything by what it reads.
        var platform = context.Open(call.Globals with { Agent = name });
        await ServeAsync(new Workspace(context.Terminal.Folder, platform).AskAsync, stop);
        return 0;
    }

    // A method of its own: what speaks the protocol is loaded for nobody else.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task ServeAsync(AskOperation ask, CancellationToken stop) => McpStdio.RunAsync(ask, stop);
}
