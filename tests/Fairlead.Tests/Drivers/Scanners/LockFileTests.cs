using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Scanners.LockFiles;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Drivers.Scanners;

/// <summary>Lock files by example: a file, a line of dashes, what is read of it. The first line names the file.</summary>
public sealed class LockFileTests
{
    private const string Cut = "\n----------\n";

    public static TheoryData<string> Cases =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(Path.GetFileName)
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];

    private static string Folder { get; } = Path.Combine(Here(), "Golden");

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_read_is_what_the_file_says(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        var (path, content, expected) = Parts(text);
        Assert.Equal(expected.Trim(), Text(Read(path, Encoding.UTF8.GetBytes(content))).Trim());
    }

    [Fact]
    public void Every_reader_has_its_example()
    {
        var paths = Cases.Select(one => Parts(File.ReadAllText(Path.Combine(Folder, one.Data))).Path).ToList();
        Assert.All(AllLockFiles.Entries, reader => Assert.Contains(paths, path => reader.Reads(path)));
    }

    [Fact]
    public void No_file_can_hurt_a_reader()
    {
        var files = Cases.Select(one => Parts(File.ReadAllText(Path.Combine(Folder, one.Data)))).ToList();
        Gen.Select(
                Gen.Int[0, files.Count - 1].Select(at => files[at]),
                Gen.Int[0, 4],
                Gen.Int[0, 100_000],
                Gen.Byte,
                Gen.Int[0, 200]
            )
            .Sample(
                (file, way, at, value, length) =>
                {
                    var bytes = Encoding.UTF8.GetBytes(file.Content).ToList();
                    at %= bytes.Count;
                    length = Math.Min(length, bytes.Count - at);
                    switch (way)
                    {
                        case 0:
                            bytes[at] = value;
                            break;
                        case 1:
                            bytes.RemoveRange(at, length);
                            break;
                        case 2:
                            bytes.InsertRange(at, bytes.GetRange(at, length));
                            break;
                        case 3:
                            bytes.InsertRange(at, Enumerable.Repeat(value, length));
                            break;
                        default:
                            bytes.RemoveRange(at, bytes.Count - at);
                            break;
                    }
                    var inventory = Read(file.Path, [.. bytes]);
                    Assert.All(inventory.Components, one => Assert.True(one.Name.Length > 0 && one.Version.Length > 0));
                },
                iter: 20_000
            );
    }

    [Theory]
    [InlineData("package-lock.json", "{\"packages\":", 1)]
    [InlineData("package-lock.json", "[]", 1)]
    [InlineData("pom.xml", "<!DOCTYPE p [<!ENTITY a \"b\">]><project>&a;</project>", 1)]
    [InlineData("pnpm-lock.yaml", "a: &x [1]\nb: *x", 1)]
    [InlineData("poetry.lock", "[[package]]\nname = [", 1)]
    [InlineData("Cargo.lock", "this is nothing", 1)]
    [InlineData("composer.lock", "{}", 1)]
    [InlineData("requirements.txt", "django>=4\nflask==1.0", 1)]
    public void What_cannot_be_read_is_said(string path, string content, int count) =>
        Assert.Equal(count, Read(path, Encoding.UTF8.GetBytes(content)).Unread.Count);

    [Fact]
    public void Deep_nesting_ends_with_a_word_not_with_the_stack()
    {
        var deep = new string('[', 200_000);
        Assert.NotEmpty(Read("package-lock.json", Encoding.UTF8.GetBytes("{\"packages\":" + deep)).Unread);
        var tags = string.Concat(Enumerable.Repeat("<a>", 5_000));
        Assert.NotEmpty(Read("pom.xml", Encoding.UTF8.GetBytes("<project>" + tags)).Unread);
        var indents = string.Join('\n', Enumerable.Range(0, 500).Select(at => new string(' ', at) + "a:"));
        Assert.NotEmpty(Read("yarn.lock", Encoding.UTF8.GetBytes(indents)).Unread);
    }

    [Fact]
    public void Names_are_written_as_package_urls() =>
        Assert.Equal(
            [
                "pkg:npm/%40babel/core@7.2.0",
                "pkg:maven/org.springframework/spring-core@5.3.0",
                "pkg:golang/golang.org/x/net@v0.7.0",
                "pkg:deb/debian/libssl3@1:3.0.9-1?distro=debian-12",
                "pkg:pypi/typing-extensions@4.0",
            ],
            new Component[]
            {
                new(Ecosystem.Npm, "@babel/core", "7.2.0"),
                new(Ecosystem.Maven, "org.springframework:spring-core", "5.3.0"),
                new(Ecosystem.Go, "golang.org/x/net", "v0.7.0"),
                new(Ecosystem.Debian, "libssl3", "1:3.0.9-1") { Distribution = "12" },
                new(Ecosystem.PyPI, "Typing_Extensions", "4.0"),
            }.Select(static one => one.Purl)
        );

    private static Inventory Read(string path, byte[] content) =>
        AllLockFiles.Entries.Single(one => one.Reads(path)).Read(path, content);

    private static (string Path, string Content, string Expected) Parts(string text)
    {
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        var cut = text.IndexOf(Cut, StringComparison.Ordinal);
        return (text[..line], text[(line + 1)..(cut + 1)], text[(cut + Cut.Length)..]);
    }

    private static string Text(Inventory inventory) =>
        string.Join(
            '\n',
            [
                .. inventory
                    .Components.OrderBy(static one => one.Purl, StringComparer.Ordinal)
                    .Select(static one =>
                        one.Purl
                        + (one.Line > 0 ? $" :{one.Line}" : "")
                        + (one.IsDevelopment ? " dev" : "")
                        + (one.SourceName is null ? "" : $" from {one.SourceName} {one.SourceVersion}".TrimEnd())
                        + (one.Licences.Count == 0 ? "" : $" [{string.Join(", ", one.Licences)}]")
                        + (one.Needs.Count == 0 ? "" : $" -> {string.Join(", ", one.Needs)}")
                    ),
                .. inventory.Unread.Select(static one => $"! {one}"),
            ]
        );

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
