using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class DigestMemoryTests : IDisposable
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-digests-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void What_a_run_learnt_stays_beside_what_those_before_it_did()
    {
        var (one, two) = (Write("one"), Write("two"));
        Learn((one, "digest-of-one"));
        Learn((two, "digest-of-two"));

        var last = Memory();
        Assert.Equal(["digest-of-one", "digest-of-two"], [Of(last, one), Of(last, two)]);
    }

    [Fact]
    public void What_was_learnt_later_goes_before_what_was_read()
    {
        var one = Write("one");
        Learn((one, "before"));
        var memory = Memory();
        memory.Know(one, "after");
        Assert.Equal("after", Of(memory, one));
        memory.Save();

        Assert.Equal("after", Of(Memory(), one));
    }

    [Fact]
    public void A_file_that_changed_since_is_read_again()
    {
        var one = Write("one");
        Learn((one, "digest-of-one"));
        File.WriteAllText(one, "changed");

        Assert.Equal(DigestMemory.Hash(one), Of(Memory(), one));
    }

    [Fact]
    public void Threads_that_learn_at_once_lose_nothing()
    {
        var files = Enumerable.Range(0, 500).Select(at => Write($"file{at}")).ToArray();
        var memory = Memory();
        SideBySide.For(files.Length, at => memory.Know(files[at], $"digest{at}"));
        memory.Save();

        var read = Memory();
        Assert.Equal(Enumerable.Range(0, 500).Select(at => $"digest{at}"), files.Select(one => Of(read, one)));
    }

    private static string Of(DigestMemory memory, string file) => memory.Of(file, Posix.Stat(file)!.Value);

    private void Learn(params (string File, string Digest)[] all)
    {
        var memory = Memory();
        foreach (var (file, digest) in all)
        {
            memory.Know(file, digest);
        }
        memory.Save();
    }

    private DigestMemory Memory() => new(Path.Combine(root.FullName, "digests"), World);

    private string Write(string name)
    {
        var path = Path.Combine(root.FullName, name);
        File.WriteAllText(path, name);
        return path;
    }
}
