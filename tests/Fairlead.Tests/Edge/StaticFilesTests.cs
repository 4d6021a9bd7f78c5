using Fairlead.Roles.Edge.Files;

namespace Fairlead.Tests.Edge;

public sealed class StaticFilesTests : IDisposable
{
    private readonly TempFolder outside = new();
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        outside.Dispose();
    }

    [Theory]
    [InlineData("app.3f2a9c1b.js", true)]
    [InlineData("index-BxYz12Ab.css", true)]
    [InlineData("chunk_0a1b2c3d4e5f6789.map", true)]
    [InlineData("logo.png", false)]
    [InlineData("my-component.js", false)]
    [InlineData("bootstrap4-something.js", false)]
    [InlineData("report-20260101.pdf", false)]
    [InlineData("3f2a9c1b.js", false)]
    [InlineData("LICENSE", false)]
    public void Only_names_with_a_hash_in_them_are_fingerprints(string name, bool isFingerprint) =>
        Assert.Equal(isFingerprint, Fingerprint.IsIn(name));

    [Fact]
    public void Pages_are_never_kept_whatever_their_name() =>
        Assert.Equal("no-cache", Fingerprint.CacheControl("page.3f2a9c1b.html"));

    [Fact]
    public void Only_what_is_in_the_folder_and_not_hidden_is_found()
    {
        outside.Write("secret", "secret");
        folder.Write("index.html", "home");
        folder.Write("docs/a.txt", "a");
        folder.Write(".env", "secret");
        folder.Write(".git/config", "secret");
        folder.Write(".well-known/security.txt", "hello");
        folder.Write("docs/.well-known/x", "secret");
        Link("inside", "docs");
        Link("docs/up", "../index.html");
        Link("hidden", ".env");
        Link("out", outside.Path);
        Link("file-out", Path.Combine(outside.Path, "secret"));
        Link("via", "inside/../../" + Path.GetFileName(outside.Path) + "/secret");
        Link("self", ".");
        Link("trick", "self/../" + Path.GetFileName(outside.Path));
        Link("loop", "loop");

        string[] asked =
        [
            "/index.html",
            "/docs/a.txt",
            "/docs",
            "/",
            "/inside/a.txt",
            "/inside/up",
            "/.well-known/security.txt",
            "/.env",
            "/.git/config",
            "/docs/.well-known/x",
            "/hidden",
            "/out/secret",
            "/file-out",
            "/via",
            "/trick/secret",
            "/loop",
            "/../" + Path.GetFileName(outside.Path) + "/secret",
            "/docs/../index.html",
            "//index.html",
            "/docs//a.txt",
            "/" + new string('x', 5_000),
        ];
        Assert.Equal(
            ["/index.html", "/docs/a.txt", "/docs", "/", "/inside/a.txt", "/inside/up", "/.well-known/security.txt"],
            asked.Where(path => new ConfinedFolder(folder.Path).Find(path) is not null)
        );
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(folder.Path, name), target);
}
