using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Cargo's <c>Cargo.lock</c>.</summary>
internal sealed class CargoLock() : LockReader(Ecosystem.Crates, "Cargo.lock")
{
    // [[package]]
    // name = "serde"
    // version = "1.0.0"
    // source = "registry+https://github.com/rust-lang/crates.io-index"
    // checksum = "..."
    // dependencies = [ "serde_derive", "syn 2.0.1" ]
    protected override void Read(string text, Found found)
    {
        foreach (var package in TomlTable.Read(text).Where(static one => one.Name == "package"))
        {
            if (package.Word("source") is not { } source)
            {
                // A package of the repository itself.
                continue;
            }
            var (name, version) = (package.Word("name") ?? "", package.Word("version") ?? "");
            if (
                !source.StartsWith("registry+", StringComparison.Ordinal)
                && !source.StartsWith("sparse+", StringComparison.Ordinal)
            )
            {
                found.MissIn(
                    $"line {package.Line}: '{name}' comes from {source.Split('+')[0]}; its version may differ from the registry's."
                );
            }
            found.Add(
                new(Ecosystem.Crates, name, version)
                {
                    Line = package.Line,
                    Integrity = package.Word("checksum"),
                    Needs =
                    [
                        .. package
                            .Words("dependencies")
                            .Select(static need => string.Join('@', need.Split(' ').Take(2))),
                    ],
                }
            );
        }
    }
}
