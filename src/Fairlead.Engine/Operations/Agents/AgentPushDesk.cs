using System.Net;
using System.Text.Json;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Where a caller wants to be told of its tasks. Free of any protocol; whose the task is was found out before.</summary>
public sealed class AgentPushDesk(EngineContext engine, Principal owner)
{
    internal const string Purpose = "agent-push";

    private const int IdLettersMax = 100;
    private const int SecretLettersMax = 4_000;
    private const int UrlLettersMax = 2_000;

    private PushBook Book => new(engine.Server.Store, () => engine.Server.Conductor.Fence);

    /// <summary>In the order of their ids.</summary>
    public Task<IReadOnlyList<TaskPush>> OfAsync(AgentTask task, CancellationToken stop) => Book.OfAsync(task.Id, stop);

    /// <summary>Null when the task has none of this id.</summary>
    public async Task<TaskPush?> FindAsync(AgentTask task, string id, CancellationToken stop) =>
        (await OfAsync(task, stop)).FirstOrDefault(one => one.Id == id);

    /// <summary>Tells there of the task from now on, first as it stands; another of the same id is replaced.</summary>
    /// <exception cref="ProblemException">Nobody can be told so.</exception>
    public async Task<TaskPush> AddAsync(AgentTask task, PushOrder order, CancellationToken stop)
    {
        var known = await OfAsync(task, stop);
        var id = order.Id ?? engine.World.NewId();
        if (known.All(one => one.Id != id) && known.Count >= PushBook.EachMax)
        {
            throw Wrong($"A task tells {PushBook.EachMax} addresses at most.");
        }
        var (url, most) = await CheckAsync(order, stop);
        var push = new TaskPush
        {
            Id = id,
            Task = task.Id,
            Owner = Bare(owner),
            Url = url,
            Most = most,
            Scheme = order.Scheme,
            Sealed = order is { Token: null, Credentials: null }
                ? null
                : (await engine.Server.Agents.OpenSeal(stop)).Seal(
                    JsonSerializer.Serialize(new PushSecrets(order.Token, order.Credentials)),
                    Purpose
                ),
            At = engine.World.Now,
        };
        await Book.KeepAsync(push, version: null, stop);
        return push;
    }

    /// <summary>Whether somebody can be told so, and how far inside that leads.</summary>
    /// <exception cref="ProblemException">Nobody can.</exception>
    public async Task<(Uri Url, AddressKind Most)> CheckAsync(PushOrder order, CancellationToken stop)
    {
        if (order.Id is { } id && (id.Length > IdLettersMax || !id.All(IsOfId)))
        {
            throw Wrong($"An id has 1 to {IdLettersMax} letters, digits, dashes, dots and underscores.");
        }
        var all = await Book.AllAsync(stop);
        if (all.Count >= PushBook.AllMax || all.Count(known => known.Push.Owner.Id == owner.Id) >= PushBook.OwnerMax)
        {
            throw Wrong($"There are {PushBook.OwnerMax} of one caller at most, and {PushBook.AllMax} of all.");
        }
        CheckSecrets(order);
        var most = await MostAsync(stop);
        return (UrlOf(order.Url, most), most);
    }

    /// <summary>Tells there no more; it may be gone already.</summary>
    public async Task RemoveAsync(AgentTask task, string id, CancellationToken stop)
    {
        if (await FindAsync(task, id, stop) is { } push)
        {
            await Book.RemoveAsync([push], stop);
        }
    }

    // Who may not operate everything sends Fairlead no further than they could go themselves: not to this machine, nor into its networks.
    private async Task<AddressKind> MostAsync(CancellationToken stop) =>
        (await AccessBook.StandingAsync(engine.Server.Store, owner, stop)).MayAll(Permission.Operate)
            ? AddressKind.Inside
            : AddressKind.Public;

    private static Uri UrlOf(string text, AddressKind most)
    {
        if (
            text.Length > UrlLettersMax
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0
        )
        {
            throw Wrong("Its url is no address by https without a name and password in it.");
        }
        if (url.Scheme is "http" && most is AddressKind.Public)
        {
            throw Wrong("Its url is not by https: whoever is on the way would read what it is told with.");
        }
        // A name is looked at when it is connected to; this one is told at once.
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && AddressKinds.Of(address) > most)
        {
            throw Wrong($"Its url leads to {address}, where this caller does not send Fairlead.");
        }
        return url;
    }

    private static void CheckSecrets(PushOrder order)
    {
        foreach (var text in new[] { order.Token, order.Credentials }.OfType<string>())
        {
            if (text.Length is 0 or > SecretLettersMax || text.Any(static one => one is < ' ' or > '~'))
            {
                throw Wrong($"A token and credentials have 1 to {SecretLettersMax} letters of ASCII, on one line.");
            }
        }
        if (
            order.Scheme is { } scheme
            && (scheme.Length is 0 or > 40 || !scheme.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-'))
        )
        {
            throw Wrong("The scheme of the authentication is one of HTTP's, such as Bearer.");
        }
        if (order.Credentials is not null && order.Scheme is null)
        {
            throw Wrong("There are credentials without the scheme by which they are sent.");
        }
    }

    private static Principal Bare(Principal principal) =>
        principal with
        {
            Grants = [],
            ProvedAt = null,
            Behind = principal.Behind is { } behind ? Bare(behind) : null,
        };

    private static bool IsOfId(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static ProblemException Wrong(string why) =>
        new(
            new Problem(
                "agent.wrong-push",
                What: "Nobody can be told of the task so.",
                Why: why,
                Fix: "Give an address by https that this server can reach, or subscribe to the task."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}

/// <summary>Where and how somebody wants to be told.</summary>
/// <param name="Id">Null to be given one.</param>
/// <param name="Token">Sent back with everything that is told; null for none.</param>
/// <param name="Scheme">Of the header Authorization; null for none.</param>
public sealed record PushOrder(string? Id, string Url, string? Token, string? Scheme, string? Credentials);

/// <summary>What is sealed of it.</summary>
internal sealed record PushSecrets(string? Token, string? Credentials);
