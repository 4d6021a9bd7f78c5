using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Bundles of Ruby.</summary>
internal static class RubyWork
{
    private static readonly (string Name, string Gem, string[] Words)[] Checkers =
    [
        ("lint", "rubocop", ["bundle", "exec", "rubocop"]),
        ("security", "brakeman", ["bundle", "exec", "brakeman", "--no-pager"]),
        ("test", "rspec-rails", ["bundle", "exec", "rspec"]),
        ("test", "rspec", ["bundle", "exec", "rspec"]),
    ];

    public static Work Of(Part part)
    {
        part = part with { Made = ["vendor/bundle", "tmp", "log", "node_modules"] };
        var gems = part.Sight.Know(Gemfile.Read);
        var hasGems = part.Sight.HasFile("Gemfile");
        List<JobTask> checks = hasGems
            ?
            [
                part.Do("install-path", "bundle", "config", "set", "--local", "path", "vendor/bundle"),
                part.Do("install", "bundle", "install"),
            ]
            : [];
        foreach (var (name, gem, words) in Checkers)
        {
            if (gems.Has(gem) && !checks.Exists(one => one.Name == name))
            {
                checks.Add(part.Check(name, words));
            }
        }
        if (
            part.Detected.Stack == "rails"
            && part.Sight.HasFolder("test")
            && !checks.Exists(static one => one.Name == "test")
        )
        {
            checks.Add(part.Check("test", "bundle", "exec", "rails", "test"));
        }
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ruby"] = part.Sight.HasFile(".ruby-version") ? part.Sight.Text(".ruby-version").Trim() : "",
            },
            checks
        )
        {
            Made = part.Made,
            Caches = part.Sight.HasFile("Gemfile.lock")
                ? [new([part.In("vendor/bundle")], [part.In("Gemfile.lock")])]
                : [],
            Audit = gems.Has("bundler-audit")
                ?
                [
                    .. checks.Where(static one => one.Name.StartsWith("install", StringComparison.Ordinal)),
                    part.Do("audit", "bundle", "exec", "bundle-audit", "check", "--update"),
                ]
                : [],
            Installs = static words => words is ["bundle", "install" or "config", ..],
        };
    }
}
