using System.Text.RegularExpressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Files of CI systems beside what is made of them: written for these tests, and those of public projects as they are.</summary>
public sealed partial class ReadFilesTests
{
    /// <summary>Files as teams have them, written for these tests, of each system.</summary>
    public static TheoryData<string> Files { get; } =
        new(
            Directory
                .EnumerateDirectories(Path.Combine(VendorFiles.Folder, "Golden"))
                .SelectMany(Directory.EnumerateFiles)
                .Where(static one => Path.GetExtension(one) != ".txt")
                .Select(static one => Path.GetRelativePath(Path.Combine(VendorFiles.Folder, "Golden"), one))
                .Order(StringComparer.Ordinal)
        );

    /// <summary>Files of public projects, as the list of their origins names them.</summary>
    public static TheoryData<string> Real { get; } = new(Listed());

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_are_read_as_far_as_they_go_and_every_part_is_said(string file) =>
        Read("Golden", file, Path.ChangeExtension(file, ".txt"));

    [Theory]
    [MemberData(nameof(Real))]
    public void Files_of_public_projects_are_read_as_far_as_they_go_and_every_part_is_said(string file) =>
        Read("Real", file, $"{file}.txt");

    [Fact]
    public void Ten_files_of_public_projects_are_read_of_each_system() =>
        Assert.All(
            AllVendors.All,
            static vendor =>
                Assert.True(
                    Listed().Count(file => file.StartsWith($"{vendor.Name}/", StringComparison.Ordinal)) >= 10,
                    vendor.Name
                )
        );

    [Fact]
    public void Every_file_of_a_public_project_says_where_it_is_from_and_may_be_used_by_anybody()
    {
        var page = File.ReadAllText(Path.Combine(VendorFiles.Folder, "Real", "ORIGINS.md"));
        var rows = Rows().ToList();
        var parts = Parts().Matches(page).Select(static one => one.Groups["file"].Value).ToList();
        Assert.Equal(
            Directory
                .EnumerateFiles(Path.Combine(VendorFiles.Folder, "Real"), "*", SearchOption.AllDirectories)
                .Select(static one => Path.GetRelativePath(Path.Combine(VendorFiles.Folder, "Real"), one))
                .Where(static one => !one.EndsWith(".txt", StringComparison.Ordinal) && one != "ORIGINS.md")
                .Order(StringComparer.Ordinal),
            rows.Select(static one => one[0]).Concat(parts).Order(StringComparer.Ordinal)
        );
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(7, row.Length);
                Assert.All(row, static cell => Assert.NotEqual("", cell));
                Assert.StartsWith("https://", row[3], StringComparison.Ordinal);
                Assert.EndsWith(Path.GetFileName(row[0]), row[4], StringComparison.Ordinal);
                Assert.Contains(row[5], (string[])["Apache-2.0", "BSD-3-Clause", "ISC", "MIT"]);
                Assert.Contains($"\n{row[5]}:", page, StringComparison.Ordinal);
            }
        );
        // A part is under the licence of the file in its folder.
        Assert.All(
            parts,
            part => Assert.Contains(rows, row => row[0].Split('/').Take(2).SequenceEqual(part.Split('/').Take(2)))
        );
    }

    [Fact]
    public void The_page_says_of_each_file_of_a_public_project_what_came_along()
    {
        const string Head = "| --- | --- | --- | --- |\n";
        var path = Path.GetFullPath(Path.Combine(VendorFiles.Folder, "../../../../docs/reference/ci-import-files.md"));
        var page = File.ReadAllText(path);
        var table = string.Concat(Listed().Select(Row));
        var expected = page[..page.IndexOf(Head, StringComparison.Ordinal)] + Head + table;
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, expected);
        }
        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Row(string file)
    {
        var counts = Counts().Match(File.ReadAllText(Path.Combine(VendorFiles.Folder, "Real", $"{file}.txt"))).Groups;
        return $"| {file} | {counts["mapped"]} | {counts["near"]} | {counts["left"]} |\n";
    }

    private static IEnumerable<string> Listed() => Rows().Select(static row => row[0]);

    /// <summary>File, project, version, repository, path in it, licence, copyright.</summary>
    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(VendorFiles.Folder, "Real", "ORIGINS.md"))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(static line => line.Split('|')[1..^1].Select(static cell => cell.Trim()).ToArray())
            .Where(static row => row[0].Contains('/', StringComparison.Ordinal));

    private static void Read(string folder, string file, string expected)
    {
        var path = Path.Combine(VendorFiles.Folder, folder, file);
        var imported = AllVendors
            .Find(file.Split('/')[0])!
            .Read(
                File.ReadAllText(path),
                Path.GetFileName(file),
                other =>
                    Path.Combine(Path.GetDirectoryName(path)!, other.TrimStart('/')) is var found && File.Exists(found)
                        ? File.ReadAllText(found)
                        : null
            );
        var written = PipelineWriter.Write(imported.Pipeline);
        var notes = imported.Notes.Select(static one => $"{one.Where} {one.Fate}: {one.What} {one.Note}\n");
        VendorFiles.Same(
            Path.Combine(folder, expected),
            $"{written}\n----------\n{VendorFiles.Coverage(imported.Notes)}\n{string.Concat(notes)}"
        );
        Assert.Equal(PipelineText.Of(imported.Pipeline), PipelineText.Of(PipelineReader.Read(written)));
    }

    [GeneratedRegex(
        @"^Mapped: (?<mapped>\d+), Approximated: (?<near>\d+), LeftOut: (?<left>\d+)$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Counts();

    [GeneratedRegex(
        @"^- (?<file>[^\s:]+): https://\S+, \S+$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Parts();
}
