using System.Text;
using Fairlead.Drivers.Images;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Images;

/// <summary>Content is whole or absent; names can be taken away; what belongs to nothing goes.</summary>
public sealed class ImageLayoutTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(new string('a', 1000));

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ImageLayout Layout => new(folder.Path, new World(clock, new Random(1)));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Content_goes_on_from_where_it_was_left()
    {
        var wanted = ImageJson.Describe("a/b", Content);
        await using (var first = await Layout.BeginAsync(wanted, Stop))
        {
            await first.AppendAsync(Content.AsMemory(0, 300), Stop);
        }
        Assert.False(Layout.Has(wanted.Digest));
        await using (var second = await Layout.BeginAsync(wanted, Stop))
        {
            Assert.Equal(300, second.Length);
            await second.AppendAsync(Content.AsMemory(300), Stop);
            Assert.Equal(wanted, await second.FinishAsync("a/b", Stop));
        }
        Assert.Equal(Content, await Layout.ReadAsync(wanted.Digest, Stop));
    }

    [Fact]
    public async Task What_is_not_what_was_wanted_is_refused_and_removed()
    {
        var wanted = ImageJson.Describe("a/b", Content);
        await using (var draft = await Layout.BeginAsync(wanted, Stop))
        {
            await draft.AppendAsync(Encoding.UTF8.GetBytes(new string('b', 1000)), Stop);
            var caught = await Assert.ThrowsAsync<ProblemException>(() => draft.FinishAsync("a/b", Stop));
            Assert.Equal("image.digest-mismatch", caught.Problem.Code);
        }
        await using var longer = await Layout.BeginAsync(wanted, Stop);
        Assert.Equal(0, longer.Length);
        await Assert.ThrowsAsync<ProblemException>(() => longer.AppendAsync(new byte[1001], Stop));
        Assert.Empty(
            Directory
                .EnumerateFiles(folder.File("blobs/sha256"))
                .Concat(Directory.EnumerateFiles(folder.File("drafts")))
        );
    }

    [Fact]
    public async Task The_second_who_wants_the_same_waits_for_the_first_and_finds_it()
    {
        var wanted = ImageJson.Describe("a/b", Content);
        var first = await Layout.BeginAsync(wanted, Stop);
        await first.AppendAsync(Content.AsMemory(0, 10), Stop);
        var second = Layout.BeginAsync(wanted, Stop);
        for (var looks = 0; looks < 20; looks++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Stop);
        }
        Assert.False(second.IsCompleted);
        await first.AppendAsync(Content.AsMemory(10), Stop);
        await first.FinishAsync("a/b", Stop);
        await first.DisposeAsync();
        while (!second.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(1000, (await second).Length);
    }

    [Fact]
    public async Task What_the_disk_changed_is_not_given_out()
    {
        var put = await Layout.PutAsync("a/b", Content, Stop);
        await File.WriteAllTextAsync(folder.File($"blobs/sha256/{put.Digest.Hex}"), "other", Stop);
        Assert.Equal(
            "image.rotten",
            (await Assert.ThrowsAsync<ProblemException>(() => Layout.ReadAsync(put.Digest, Stop))).Problem.Code
        );
    }

    [Fact]
    public async Task What_belongs_to_nothing_with_a_name_goes_after_an_hour_and_nothing_else()
    {
        var (image, name) = (await ImageAsync("one"), ImageReference.Parse("shop/api:1"));
        await Layout.NameAsync(name, image, Stop);
        await Layout.AttachAsync(image.Digest, await ImageAsync("papers"), Stop);
        await ImageAsync("nameless");
        Assert.Equal(0, (await Layout.SweepAsync(Stop)).Blobs);
        clock.Advance(TimeSpan.FromHours(2));
        // Each has a manifest, a config and a layer of its own.
        Assert.Equal(3, (await Layout.SweepAsync(Stop)).Blobs);
        Assert.Equal([name], (await Layout.ListAsync(Stop)).Select(static one => one.Name));
        Assert.Single(await Layout.AttachedAsync(image.Digest, Stop));
        Assert.True(await Layout.ForgetAsync(name, Stop));
        Assert.False(await Layout.ForgetAsync(name, Stop));
        Assert.Equal(6, (await Layout.SweepAsync(Stop)).Blobs);
        Assert.Empty(await Layout.AttachedAsync(image.Digest, Stop));
    }

    [Fact]
    public async Task A_name_means_one_image()
    {
        var name = ImageReference.Parse("shop/api:1");
        await Layout.NameAsync(name, await ImageAsync("one"), Stop);
        var two = await ImageAsync("two");
        await Layout.NameAsync(name, two, Stop);
        Assert.Equal([new NamedImage(name, two)], await Layout.ListAsync(Stop));
        Assert.Equal(
            """{"imageLayoutVersion":"1.0.0"}""",
            await File.ReadAllTextAsync(folder.File("oci-layout"), Stop)
        );
    }

    private async Task<Descriptor> ImageAsync(string word)
    {
        var config = await Layout.PutAsync(MediaTypes.Config, Encoding.UTF8.GetBytes($"{word} config"), Stop);
        var layer = await Layout.PutAsync(MediaTypes.Layer, Encoding.UTF8.GetBytes($"{word} layer"), Stop);
        return await Layout.PutAsync(
            MediaTypes.Manifest,
            ImageJson.Write(new Manifest.Image(MediaTypes.Manifest, config, [layer])),
            Stop
        );
    }
}
