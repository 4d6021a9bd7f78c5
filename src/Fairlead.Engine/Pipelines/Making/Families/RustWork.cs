using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Crates of Rust.</summary>
internal static class RustWork
{
    public static Work Of(Part part)
    {
        part = part with { Made = ["target"] };
        var isLocked = part.Sight.HasFile("Cargo.lock");
        string[] locked = isLocked ? ["--locked"] : [];
        var rust =
            Toml.Read(part.Sight, "rust-toolchain.toml").Word("toolchain", "channel")
            ?? Toml.Read(part.Sight, "Cargo.toml").Word("package", "rust-version")
            ?? "";
        List<JobTask> checks =
        [
            part.Check("format", "cargo", "fmt", "--check"),
            part.Check("lint", ["cargo", "clippy", .. locked, "--all-targets", "--", "-D", "warnings"]),
            part.Check("test", ["cargo", "test", .. locked]),
        ];
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["cargo"] = rust is "stable" or "nightly" or "beta" ? "" : rust,
            },
            checks
        )
        {
            Made = part.Made,
            Caches = isLocked ? [new(["~/.cargo/registry", part.In("target")], [part.In("Cargo.lock")])] : [],
            Audit = part.Sight.HasFile("deny.toml") ? [part.Do("audit", "cargo", "deny", "check")] : [],
        };
    }
}
