using CsCheck;
using Fairlead.Drivers.Pipelines;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class TaskCacheTests : IDisposable
{
    private static readonly TaskKey Key = new([new("command", "make"), new("file a=b\n", "c = d")]);
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-cache-");
    private readonly DigestMemory digests;
    private readonly TaskCache cache;

    public TaskCacheTests()
    {
        digests = new(Path.Combine(root.FullName, "digests"), World);
        cache = CacheOf([1, 2, 3]);
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void What_was_kept_comes_back_with_its_modes_and_links()
    {
        var work = Workspace("one");
        Write("one/out/deep/a.txt", "a");
        Write("one/out/run.sh", "#!/bin/sh");
        File.SetUnixFileMode(PathOf("one/out/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(PathOf("one/out/link"), "deep/a.txt");
        var files = work.Find(["out/**"]);
        Keep(work, files);

        var other = Workspace("two");
        Write("two/out/stale", "old");
        Assert.True(cache.Restore(cache.Find(Key, "main")!, other, ["out/**"]));

        Assert.Equal(files, other.Find(["**"]));
        Assert.True(File.GetUnixFileMode(PathOf("two/out/run.sh")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public void Bytes_that_were_changed_in_the_cache_are_never_given()
    {
        var work = Workspace("one");
        Write("one/out", "good");
        Keep(work, work.Find(["out"]));
        // A file in the cache is the same file as in the workspace: this writes through.
        File.WriteAllText(PathOf("one/out"), "evil");

        var entry = cache.Find(Key, "main")!;
        Assert.False(cache.Restore(entry, Workspace("two"), ["out"]));
        Assert.False(File.Exists(PathOf("two/out")));
        Assert.Null(cache.Find(Key, "main"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void Bytes_that_went_meanwhile_are_missed_without_harm(int files)
    {
        var work = Workspace("one");
        foreach (var at in Enumerable.Range(0, files))
        {
            Write($"one/out/{at}", $"{at}");
        }
        Keep(work, work.Find(["out/**"]));
        var entry = cache.Find(Key, "main")!;
        Directory.Delete(PathOf("cache/files"), recursive: true);

        Assert.False(cache.Restore(entry, Workspace("two"), ["out/**"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void A_fault_among_few_things_or_many_is_the_fault_itself(int count) =>
        Assert.Throws<ProblemException>(() =>
            SideBySide.For(count, static _ => throw new ProblemException(new Problem("x", "What.", "Why.", "Fix.")))
        );

    [Fact]
    public void Entries_that_somebody_else_wrote_are_not_taken()
    {
        var work = Workspace("one");
        Write("one/out", "good");
        Keep(work, work.Find(["out"]));

        Assert.NotNull(CacheOf([1, 2, 3]).Find(Key, "main"));
        Assert.Null(CacheOf([9, 9, 9]).Find(Key, "main"));
    }

    [Fact]
    public void A_branch_uses_its_own_entries_and_those_of_the_main_one()
    {
        var work = Workspace("one");
        Keep(work, [], "feature");

        Assert.NotNull(cache.Find(Key, "feature"));
        Assert.Null(cache.Find(Key, "main"));
        Assert.Null(cache.Find(Key, "other"));
        Keep(work, [], "main");
        Assert.NotNull(cache.Find(Key, "other"));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../x")]
    public void A_link_that_leads_out_is_not_kept(string target)
    {
        var work = Workspace("one");
        File.CreateSymbolicLink(PathOf("one/out"), target);
        Assert.Equal(
            "pipeline.output-leads-out",
            Assert.Throws<ProblemException>(() => Keep(work, work.Find(["out"]))).Problem.Code
        );
    }

    [Fact]
    public void A_folder_that_became_a_link_leads_nothing_out()
    {
        var work = Workspace("one");
        Write("one/out/a", "a");
        Keep(work, work.Find(["out/**"]));
        var outside = root.CreateSubdirectory("outside");
        var other = Workspace("two");
        File.CreateSymbolicLink(PathOf("two/out"), outside.FullName);

        Assert.True(cache.Restore(cache.Find(Key, "main")!, other, ["out/**"]));
        Assert.Empty(outside.GetFileSystemInfos());
        Assert.Equal("a", File.ReadAllText(PathOf("two/out/a")));
    }

    [Fact]
    public void What_was_not_used_for_longest_goes_first_when_there_is_no_more_room()
    {
        var small = new TaskCache(new(PathOf("small"), [1], "main") { BytesMax = 250 }, digests, World);
        var work = Workspace("one");
        foreach (var at in Enumerable.Range(0, 4))
        {
            Write("one/out", new string((char)('a' + at), 100));
            small.Keep(new(KeyOf(at), work.Find(["out"]), TimeSpan.Zero, World.Now, "main"), work);
            File.Delete(PathOf("one/out"));
            foreach (
                var file in Directory.EnumerateFiles(
                    PathOf("small/entries"),
                    KeyOf(at).Digest,
                    SearchOption.AllDirectories
                )
            )
            {
                File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1 + at, 0, 0, 0, DateTimeKind.Utc));
            }
        }
        small.Settle();

        Assert.Equal(
            [false, false, true, true],
            Enumerable.Range(0, 4).Select(at => small.Find(KeyOf(at), "main") is not null)
        );
        Assert.Equal(2, Directory.EnumerateFiles(PathOf("small/files"), "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Any_entry_reads_as_it_was_written_and_none_that_was_touched_does() =>
        Gen.Select(
                Gen.Select(Gen.String, Gen.String).Array[0, 5],
                Gen.Select(Gen.String, Gen.Bool).Array[0, 4],
                Gen.String,
                Gen.Int[0, 10_000]
            )
            .Sample(
                (parts, files, scope, at) =>
                {
                    var entry = new KeptTask(
                        new([.. parts.Select(static one => new KeyPart(one.Item1, one.Item2))]),
                        [
                            .. files.Select(static one => new WorkFile(
                                one.Item1,
                                one.Item2 ? one.Item1 : new string('a', 64),
                                one.Item2 ? 0 : 7,
                                false,
                                one.Item2
                            )),
                        ],
                        TimeSpan.FromMilliseconds(at),
                        new DateTimeOffset(2026, 11, 27, 1, 2, 3, TimeSpan.Zero),
                        scope
                    );
                    // Half of a pair of surrogates is no text of UTF-8.
                    if (!IsText(EntryText.Write(entry, [1])))
                    {
                        return;
                    }
                    var text = EntryText.Write(entry, [1]);
                    var read = EntryText.Read(text, [1])!;
                    Assert.Equal(
                        (entry.Key, entry.Took, entry.Made, entry.Scope),
                        (read.Key, read.Took, read.Made, read.Scope)
                    );
                    Assert.Equal(entry.Outputs, read.Outputs);
                    var touched = at % (text.Length - 1);
                    Assert.Null(
                        EntryText.Read($"{text[..touched]}{(char)(text[touched] ^ 1)}{text[(touched + 1)..]}", [1])
                    );
                }
            );

    private static bool IsText(string text) => !text.Any(char.IsSurrogate);

    private static TaskKey KeyOf(int at) => new([new("n", $"{at}")]);

    private void Keep(WorkFolder work, IReadOnlyList<WorkFile> files, string scope = "main") =>
        cache.Keep(new(Key, files, TimeSpan.FromSeconds(1), World.Now, scope), work);

    private TaskCache CacheOf(byte[] key) => new(new(PathOf("cache"), key, "main"), digests, World);

    private WorkFolder Workspace(string name) => new(root.CreateSubdirectory(name).FullName, digests, PathOf("state"));

    private string PathOf(string path) => Path.Combine(root.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }
}
