using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;

namespace Fairlead.Faces.Cli.Completing;

/// <summary>The commands behind completion: one prints a script for the shell, the script calls the other.</summary>
internal static class CompletionVerbs
{
    /// <summary>Shells with a script.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<Shell>))]
    public enum Shell
    {
        [JsonStringEnumMemberName("bash")]
        Bash,

        [JsonStringEnumMemberName("zsh")]
        Zsh,

        [JsonStringEnumMemberName("fish")]
        Fish,
    }

    /// <summary>Whose script is wanted.</summary>
    public sealed record ScriptInput
    {
        [Description("The shell to complete in."), Positional]
        public required Shell Shell { get; init; }
    }

    /// <summary>What is typed so far.</summary>
    public sealed record WordsInput
    {
        [Description("The words after the program's name."), Positional]
        public IReadOnlyList<string> Words { get; init; } = [];
    }

    public static Verb Completion(CliContext context) =>
        new(
            "completion",
            "Print a script that completes Fairlead's commands in a shell.",
            typeof(ScriptInput),
            (call, _) =>
            {
                var shell = call.Text("shell")!;
                var script = CompletionScripts.Of(shell);
                var data = new JsonObject { ["shell"] = shell, ["script"] = script };
                return Task.FromResult(new Reply(context.Terminal, "completion", call.Globals).Done(data, [script]));
            }
        );

    public static Verb Complete(CliContext context, IReadOnlyList<Verb> verbs) =>
        new(
            "complete",
            "Say what could be typed next.",
            typeof(WordsInput),
            async (call, stop) =>
            {
                var words = call.Input["words"]?.AsArray().Select(word => word!.GetValue<string>()).ToArray() ?? [];
                var names = new LiveNames(() => context.Open(call.Globals), context.World);
                foreach (var one in await new Completer(verbs, names.OfAsync).CandidatesAsync(words, stop))
                {
                    context.Terminal.Out.WriteLine(one.Meaning.Length > 0 ? $"{one.Word}\t{one.Meaning}" : one.Word);
                }
                return 0;
            }
        )
        {
            IsHidden = true,
        };
}
