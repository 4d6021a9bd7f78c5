using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>Every file of exact packages that is understood. To add one: write its file in this folder, add its line here.</summary>
public static class AllLockFiles
{
    public static IReadOnlyList<IComponentReader> Entries { get; } =
    [
        new CargoLock(),
        new ComposerLock(),
        new DpkgStatus(),
        new GemfileLock(),
        new GoSum(),
        new MavenPom(),
        new NpmLock(),
        new NuGetAssets(),
        new NuGetLock(),
        new PipfileLock(),
        new PnpmLock(),
        new PoetryLock(),
        new Requirements(),
        new UvLock(),
        new YarnLock(),
    ];
}
