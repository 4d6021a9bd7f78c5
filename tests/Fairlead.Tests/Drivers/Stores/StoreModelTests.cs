using System.Text;
using CsCheck;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Stores;

/// <summary>Any run of commits, right and wrong ones, with the store closed and opened in between, against one in memory.</summary>
public sealed class StoreModelTests
{
    private sealed record Act(
        bool Reopen,
        bool TakeCharge,
        int FenceBehind,
        (int Key, int? Body, int? Expected)[] Writes,
        string[] Texts
    );

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Int[0, 9].Select(number => number == 0),
        Gen.Int[0, 9].Select(number => number == 0),
        Gen.Int[0, 5].Select(number => number == 0 ? 1 : 0),
        Gen.Select(
            Gen.Int[0, 3],
            Gen.Int[0, 4].Select(body => body == 0 ? (int?)null : body),
            Gen.Int[-1, 3].Select(one => one < 0 ? (int?)null : one)
        ).Array[0, 3],
        Gen.String.Array[0, 3],
        (reopen, charge, behind, writes, texts) => new Act(reopen, charge, behind, writes, texts)
    );

    [Fact]
    public void A_store_does_what_its_model_does() => Acts.Array[1, 30].Sample(Holds, iter: 60, threads: 1);

    private static void Holds(Act[] acts)
    {
        using var folder = new Folder();
        var world = new World(new FakeTimeProvider(), new Random(1));
        var store = SqliteStore.Open(folder["db"], world);
        try
        {
            var documents = new Dictionary<string, (int Version, int Body)>();
            var journal = new List<string>();
            var fence = 0L;
            foreach (var act in acts)
            {
                if (act.Reopen)
                {
                    store.Dispose();
                    store = SqliteStore.Open(folder["db"], world);
                }
                if (act.TakeCharge || fence == 0)
                {
                    Assert.Equal(++fence, store.TakeChargeAsync("me", default).GetAwaiter().GetResult().Number);
                }
                Assert.Equal(Expected(act, documents, journal), Actual(store, act, fence));
                Assert.Equal(Text(documents), Text(store));
                Assert.Equal(
                    journal,
                    store
                        .ReadJournalAsync(0, null, 10_000, default)
                        .GetAwaiter()
                        .GetResult()
                        .Select(entry => entry.Text)
                );
            }
            Assert.Null(store.FindBreakAsync(default).GetAwaiter().GetResult());
        }
        finally
        {
            store.Dispose();
        }
    }

    private static string Expected(Act act, Dictionary<string, (int Version, int Body)> documents, List<string> journal)
    {
        if (act.FenceBehind > 0)
        {
            return nameof(FencedException);
        }
        var next = new Dictionary<string, (int Version, int Body)>(documents);
        foreach (var (key, body, expected) in act.Writes)
        {
            var version = next.TryGetValue($"k{key}", out var now) ? now.Version : 0;
            if (expected is { } wanted && wanted != version)
            {
                return nameof(ConflictException);
            }
            if (body is { } value)
            {
                next[$"k{key}"] = (version + 1, value);
            }
            else
            {
                next.Remove($"k{key}");
            }
        }
        documents.Clear();
        foreach (var (key, value) in next)
        {
            documents[key] = value;
        }
        journal.AddRange(
            act.Texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD'))
        );
        return "";
    }

    private static string Actual(SqliteStore store, Act act, long fence)
    {
        var change = new Change(new Fence(fence - act.FenceBehind))
        {
            Entries = [.. act.Texts.Select(text => new NewEntry(new Site("shop", "production"), null, "note", text))],
            Writes =
            [
                .. act.Writes.Select(one => new Write(
                    "c",
                    $"k{one.Key}",
                    one.Body is { } body ? body : null,
                    one.Expected
                )),
            ],
        };
        try
        {
            store.CommitAsync(change, default).GetAwaiter().GetResult();
            return "";
        }
        catch (Exception caught) when (caught is FencedException or ConflictException)
        {
            return caught.GetType().Name;
        }
    }

    private static string Text(Dictionary<string, (int Version, int Body)> documents) =>
        string.Join(
            ' ',
            documents
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => $"{one.Key}:{one.Value.Version}={one.Value.Body}")
        );

    private static string Text(SqliteStore store) =>
        string.Join(
            ' ',
            store
                .ListAsync("c", "", default)
                .GetAwaiter()
                .GetResult()
                .Select(one => $"{one.Key}:{one.Version}={one.Body.ToJsonString()}")
        );
}
