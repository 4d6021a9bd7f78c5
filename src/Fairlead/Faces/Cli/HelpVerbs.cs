using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Cli.Showing;

namespace Fairlead.Faces.Cli;

/// <summary>The commands that tell about the others.</summary>
internal static class HelpVerbs
{
    /// <summary>What help is asked for.</summary>
    public sealed record HelpInput
    {
        [Description("The command to explain; all of them when left out."), Positional]
        public IReadOnlyList<string> Command { get; init; } = [];
    }

    public static Verb Help(CliContext context, IReadOnlyList<Verb> verbs) =>
        new(
            "help",
            "Explain a command, or list them all.",
            typeof(HelpInput),
            (call, _) =>
            {
                var reply = new Reply(context.Terminal, "help", call.Globals);
                var words = call.Input["command"]?.AsArray().Select(word => word!.GetValue<string>()).ToArray() ?? [];
                return Task.FromResult(words.Length == 0 ? Show(reply, verbs, null) : ShowNamed(reply, verbs, words));
            }
        );

    public static Verb Version(CliContext context) =>
        new(
            "version",
            "Say which version of Fairlead this is.",
            typeof(NoInput),
            (call, _) =>
            {
                var version = typeof(HelpVerbs)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                    .InformationalVersion;
                var reply = new Reply(context.Terminal, "version", call.Globals);
                return Task.FromResult(reply.Done(new JsonObject { ["version"] = version }, [$"fairlead {version}"]));
            }
        );

    /// <summary>Help on one verb, or on all.</summary>
    public static int Show(Reply reply, IReadOnlyList<Verb> verbs, Verb? verb) =>
        verb is null or { Name: "help" }
            ? reply.Done(Listed(verbs.Where(one => !one.IsHidden)), HelpText.All(verbs))
            : reply.Done(Explained(verb), HelpText.One(verb));

    private static int ShowNamed(Reply reply, IReadOnlyList<Verb> verbs, string[] words)
    {
        var name = string.Join('.', words);
        if (verbs.FirstOrDefault(one => one.Name == name) is { } verb)
        {
            return Show(reply, verbs, verb);
        }
        var group = verbs.Where(one => one.Name.StartsWith(name + ".", StringComparison.Ordinal)).ToArray();
        return group.Length > 0
            ? reply.Done(Listed(group), group.Select(one => $"  {one.Typed}  {one.Summary}"))
            : throw WrongUse.NoSuchVerb(string.Join(' ', words), verbs);
    }

    private static JsonObject Listed(IEnumerable<Verb> verbs) =>
        new() { ["commands"] = new JsonArray([.. verbs.Select(Short)]) };

    private static JsonObject Short(Verb verb) =>
        new()
        {
            ["command"] = $"fairlead {verb.Typed}",
            ["summary"] = verb.Summary,
            ["effect"] = verb.Effect.ToString().ToLowerInvariant(),
        };

    private static JsonObject Explained(Verb verb)
    {
        var known = Short(verb);
        known["usage"] = HelpText.Usage(verb);
        known["options"] = new JsonArray([.. verb.Options.Concat(Globals.Options).Select(OptionOf)]);
        return known;
    }

    private static JsonObject OptionOf(Option option) =>
        new()
        {
            ["name"] = option.IsPositional ? option.ValueWord : $"--{option.Name}",
            ["description"] = option.Description,
            ["type"] = option.Kind.ToString().ToLowerInvariant(),
            ["default"] = option.Default,
            ["isList"] = option.IsList,
            ["isPositional"] = option.IsPositional,
        };
}
