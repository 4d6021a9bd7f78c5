using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What a Gemfile says.</summary>
internal sealed record Gemfile(IReadOnlyDictionary<string, Evidence> Named) : Dependencies(Named)
{
    public static Gemfile Read(Sight sight)
    {
        Dictionary<string, Evidence> named = [];
        var lines = sight.Lines("Gemfile");
        for (var at = 0; at < lines.Count; at++)
        {
            // gem "rails", "~> 8.0"
            if (
                lines[at].TrimStart() is var line
                && line.StartsWith("gem ", StringComparison.Ordinal)
                && line.Split('"', '\'') is [_, var name, ..]
            )
            {
                named.TryAdd(name, new("Gemfile", at + 1, $"depends on {name}"));
            }
        }
        return new(named);
    }
}

/// <summary>How Ruby programs are built and run.</summary>
internal static class Ruby
{
    private static readonly Sources Sources = new(".rb", ".ru");

    // Said in the app's own .bundle/config, it holds for the build and for the run.
    private static readonly IReadOnlyList<IReadOnlyList<string>> Install =
    [
        ["bundle", "config", "set", "--local", "path", "vendor/bundle"],
        ["bundle", "install"],
    ];

    public static Answer Rails(Sight sight)
    {
        var isApi = sight.Find(
            "config/application.rb",
            line => !Text.IsComment(line) && line.Contains("api_only = true", StringComparison.Ordinal),
            "is an API only"
        );
        // Compiling assets wants the key that signs cookies, though it signs none.
        IReadOnlyList<string> assets =
        [
            "env",
            "RAILS_ENV=production",
            "SECRET_KEY_BASE_DUMMY=1",
            "bundle",
            "exec",
            "rails",
            "assets:precompile",
        ];
        var answer = Of(
            "rails",
            isApi is null ? [.. Install, assets] : Install,
            ["bundle", "exec", "rails", "server", "-e", "production", "-b", "127.0.0.1", "-p", "{port}"]
        );
        return answer with { Kind = isApi is null ? Kind.Web : Kind.Api, Because = isApi is null ? [] : [isApi] };
    }

    public static Answer Rack(Sight sight, string stack)
    {
        var gems = sight.Know(Gemfile.Read);
        IReadOnlyList<string> run =
            gems.Has("puma") && sight.HasFile("config.ru") ? ["puma", "-b", "tcp://127.0.0.1:{port}"]
            : sight.HasFile("config.ru") ? ["rackup", "-o", "127.0.0.1", "-p", "{port}"]
            : ["ruby", sight.First("app.rb", "server.rb", "main.rb")!, "-o", "127.0.0.1", "-p", "{port}"];
        var (kind, because) = Audience.Of(sight, Sources);
        return Of(stack, Install, ["bundle", "exec", .. run]) with { Kind = kind, Because = because };
    }

    /// <summary>Pages made of Markdown.</summary>
    public static Answer Jekyll(Sight sight)
    {
        var hasGems = sight.HasFile("Gemfile");
        var recipe = new Recipe
        {
            Stack = "jekyll",
            Needs = hasGems ? ["ruby", "bundle"] : ["jekyll"],
            Build = hasGems
                ? [.. Install, ["bundle", "exec", "jekyll", "build", "--destination", "{out}"]]
                :
                [
                    ["jekyll", "build", "--destination", "{out}"],
                ],
        };
        return new(Kind.Web, recipe, []);
    }

    private static Answer Of(string stack, IReadOnlyList<IReadOnlyList<string>> build, IReadOnlyList<string> run) =>
        new(
            Kind.Web,
            new()
            {
                Stack = stack,
                Needs = ["ruby", "bundle"],
                Build = build,
                Output = ".",
                Run = run,
            },
            [],
            Sources
        );
}
