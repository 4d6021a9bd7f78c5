using System.Text.RegularExpressions;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How Elixir programs are built and run: as a release, which holds all that it needs.</summary>
internal static partial class Elixir
{
    private static readonly Sources Sources = new(".ex", ".exs");

    public static Answer Release(Sight sight, string stack)
    {
        var name =
            sight
                .Lines("mix.exs")
                .Select(line => AppName().Match(line))
                .FirstOrDefault(match => match.Success)
                ?.Groups["name"]
                .Value
            ?? "app";
        var isPhoenix = stack == "phoenix";
        var hasAssets = isPhoenix && sight.Find("mix.exs", "\"assets.deploy\"", "") is not null;
        IReadOnlyList<IReadOnlyList<string>> assets = hasAssets
            ?
            [
                ["env", "MIX_ENV=prod", "mix", "assets.deploy"],
            ]
            : [];
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = ["mix"],
            Build =
            [
                ["mix", "local.hex", "--force", "--if-missing"],
                ["mix", "local.rebar", "--force", "--if-missing"],
                ["mix", "deps.get", "--only", "prod"],
                .. assets,
                ["env", "MIX_ENV=prod", "mix", "release", name, "--path", "{out}"],
            ],
            // A Phoenix release listens only when it is told to.
            Run = isPhoenix ? ["env", "PHX_SERVER=true", $"bin/{name}", "start"] : [$"bin/{name}", "start"],
        };
        return new(isPhoenix ? Kind.Web : Kind.Worker, recipe, [], isPhoenix ? Sources : null);
    }

    [GeneratedRegex(@"\bapp:\s*:(?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AppName();
}
