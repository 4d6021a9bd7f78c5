using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Findings in the store. One that is open gathers evidence; the journal has when it was found, and when and why it was closed.</summary>
public sealed class FindingBook(IStore store, Func<Fence> fence, World world)
{
    public const string Collection = "findings";

    private const int EvidenceMax = 100;
    private const int NewsMax = 20; // Well below what is kept: what is said again must not be taken for news.
    private const int LettersMax = 300;
    private const int OpenMax = 1_000;
    private const int IdLetters = 12;

    public async Task<IReadOnlyList<Finding>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Collection, "", stop)).Select(Records.Read<Finding>)];

    /// <summary>A finding that was not written yet.</summary>
    public static Finding New(string kind, string subject, Gravity gravity, string what, string fix) =>
        new()
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{subject}")))[..IdLetters],
            Kind = kind,
            Subject = subject,
            Gravity = gravity,
            What = what,
            Fix = fix,
            Evidence = [],
        };

    /// <summary>Writes down what was found, unless it is known; one that was closed opens again only by evidence that is new.</summary>
    public async Task RaiseAsync(Finding found, CancellationToken stop)
    {
        var evidence = found.Evidence.TakeLast(NewsMax).Select(Bounded).ToList();
        var document = await store.ReadAsync(Collection, found.Id, stop);
        var known = document is null ? null : Records.Read<Finding>(document);
        var news = evidence.Except(known?.Evidence ?? []).ToList();
        var isOpen = known is { ClosedAt: null };
        if (known is not null && news.Count == 0)
        {
            return;
        }
        if (known is null && (await store.ListAsync(Collection, "", stop)).Count >= OpenMax)
        {
            await ForgetAsync(stop);
        }
        var next = found with
        {
            What = Bounded(found.What),
            Evidence =
            [
                .. (known?.Evidence ?? [])
                    .Concat(isOpen || known is null ? [] : ["(opened again)"])
                    .Concat(news)
                    .TakeLast(EvidenceMax),
            ],
            First = known?.First ?? world.Now,
            Last = world.Now,
        };
        await CommitAsync(
            isOpen ? null : ($"{next.What} ({next.Gravity.ToString().ToLowerInvariant()})", next),
            new Write(Collection, next.Id, Records.Body(next), document?.Version ?? 0),
            stop
        );
    }

    /// <exception cref="ProblemException">There is no such finding that is open.</exception>
    public async Task<Finding> CloseAsync(string id, (Principal By, string Reason) why, CancellationToken stop)
    {
        var document = await store.ReadAsync(Collection, id, stop);
        if (document is null || Records.Read<Finding>(document) is not { ClosedAt: null } known)
        {
            throw new ProblemException(
                new Problem(
                    "finding.unknown",
                    What: $"There is no open finding '{id}'.",
                    Why: "Nothing with this id was found, or it is closed already.",
                    Fix: "See what there is: fairlead finding list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        var closed = known with { ClosedAt = world.Now, Closed = $"{why.By}: {why.Reason}" };
        await CommitAsync(
            ($"closed: {known.What}: {why.Reason}, by {why.By}", closed),
            new Write(Collection, id, Records.Body(closed), document.Version),
            stop
        );
        return closed;
    }

    // The oldest that are closed make room, then the oldest of all: an attacker can hide nothing by making noise of less gravity.
    private async Task ForgetAsync(CancellationToken stop)
    {
        var oldest = (await AllAsync(stop))
            .OrderBy(one => one.ClosedAt is null)
            .ThenBy(one => one.Gravity)
            .ThenBy(one => one.Last)
            .First();
        await CommitAsync(null, new Write(Collection, oldest.Id, Body: null), stop);
    }

    private async Task CommitAsync((string Text, Finding About)? told, Write write, CancellationToken stop)
    {
        try
        {
            await store.CommitAsync(
                new Change(fence())
                {
                    Entries = told is { } entry
                        ?
                        [
                            new NewEntry(
                                AccessBook.Platform,
                                Deployment: null,
                                "finding",
                                entry.Text,
                                new JsonObject
                                {
                                    ["id"] = entry.About.Id,
                                    ["kind"] = entry.About.Kind,
                                    ["subject"] = entry.About.Subject,
                                }
                            ),
                        ]
                        : [],
                    Writes = [write],
                },
                stop
            );
        }
        catch (ConflictException)
        {
            // Somebody closed it this moment; the next look decides again.
        }
    }

    // What an attacker wrote is shown to people: on one line, and not too much of it.
    private static string Bounded(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return plain.Length <= LettersMax ? plain : $"{plain[..LettersMax]}...";
    }
}
