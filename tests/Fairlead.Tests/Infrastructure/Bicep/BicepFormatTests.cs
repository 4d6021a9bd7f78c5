using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Code.Bicep;

namespace Fairlead.Tests.Infrastructure.Bicep;

/// <summary>
/// Apps, and the code in Bicep that is made of them, in files that a person can read and Microsoft's compiler judges. Run once with
/// FAIRLEAD_GOLDEN=write to take new ones, and read the difference.
/// </summary>
public sealed class BicepFormatTests
{
    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public void An_app_becomes_modules_that_a_team_can_go_on_with(string app)
    {
        var manifest = CloudApps.OnAzure(app);

        CloudApps.Same(Path.Combine(Here(), "Golden", app), Write(manifest));
        Assert.Equal(CloudApps.Text(Write(manifest)), CloudApps.Text(Write(manifest)));
    }

    private static CodeFiles Write(string manifest) => new BicepFormat().Write(CloudApps.Graph(manifest), new());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
