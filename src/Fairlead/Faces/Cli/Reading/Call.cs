using System.Text.Json.Nodes;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>A command line, understood.</summary>
/// <param name="Input">By JSON name, extras included.</param>
public sealed record Call(Verb Verb, JsonObject Input, Globals Globals)
{
    public bool Flag(string property) => Input[property]?.GetValue<bool>() ?? false;

    public string? Text(string property) => Input[property]?.GetValue<string>();
}

/// <summary>Options that every verb takes.</summary>
public sealed record Globals
{
    public bool Json { get; init; }

    public bool Yes { get; init; }

    public bool NoColor { get; init; }

    public bool Quiet { get; init; }

    public bool Help { get; init; }

    /// <summary>The state folder; null for the usual one.</summary>
    public string? State { get; init; }

    /// <summary>The address of a server elsewhere; null for what FAIRLEAD_SERVER says, else for the one of this machine.</summary>
    public string? Server { get; init; }

    /// <summary>The one of this machine is meant, whatever FAIRLEAD_SERVER says.</summary>
    public bool IsHere { get; init; }

    /// <summary>Asked as an agent of this name, which may less than its owner; null for as who one is.</summary>
    public string? Agent { get; init; }

    public static IReadOnlyList<Option> Options { get; } =
    [
        new("json", "json", OptionKind.Flag) { Description = "Answer as one JSON envelope, failures too." },
        new("yes", "yes", OptionKind.Flag) { Description = "Do not ask before something is destroyed." },
        new("quiet", "quiet", OptionKind.Flag) { Description = "No progress, only the result and errors." },
        new("no-color", "noColor", OptionKind.Flag) { Description = "No colours; NO_COLOR does the same." },
        new("state", "state", OptionKind.Text)
        {
            Description = "State folder; FAIRLEAD_STATE, else ~/.local/state/fairlead.",
            IsFolder = true,
        },
        new("server", "server", OptionKind.Text)
        {
            Description = "A server elsewhere: https://HOST, asked with FAIRLEAD_TOKEN; FAIRLEAD_SERVER does the same.",
        },
        new("help", "help", OptionKind.Flag) { Description = "Show this help.", Letter = 'h' },
    ];

    public Globals With(Option option, JsonNode? value) =>
        option.Property switch
        {
            "json" => this with { Json = value!.GetValue<bool>() },
            "yes" => this with { Yes = value!.GetValue<bool>() },
            "quiet" => this with { Quiet = value!.GetValue<bool>() },
            "noColor" => this with { NoColor = value!.GetValue<bool>() },
            "state" => this with { State = value!.GetValue<string>() },
            "server" => this with { Server = value!.GetValue<string>() },
            _ => this with { Help = value!.GetValue<bool>() },
        };
}
