using Fairlead.Engine.Responding.Subscribing;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>What everybody can do to be told by mail what a status page says. Links of mails are the proof: nobody signs in for it.</summary>
public static class StatusSubscriptions
{
    /// <summary>Whether a page tells anybody by mail.</summary>
    public static bool Tells(EngineContext engine, string page) => Of(engine).TellsOf(page);

    /// <summary>Whether a text can be an address of mail.</summary>
    public static bool IsMail(string text) => SubscriberDesk.IsMail(text);

    /// <summary>Somebody asks to be told. What comes of it is the same whether the address is known or not.</summary>
    /// <returns>Whether the page tells anybody by mail.</returns>
    public static Task<bool> AskAsync(EngineContext engine, string page, string mail, CancellationToken stop) =>
        Of(engine).AskAsync(page, mail, stop);

    /// <summary>Whom a link is for; null for one that is not good.</summary>
    public static async Task<SubscriptionView?> FindAsync(EngineContext engine, string token, CancellationToken stop) =>
        View(await Of(engine).FindAsync(token, stop));

    /// <summary>Confirms who did not yet, and lets everybody else leave.</summary>
    /// <returns>As it is then, or was before it was forgotten; null for a link that is not good.</returns>
    public static async Task<SubscriptionView?> ChangeAsync(
        EngineContext engine,
        string token,
        CancellationToken stop
    ) =>
        await Of(engine).FindAsync(token, stop) switch
        {
            null => null,
            { ConfirmedAt: null } one => View(await Of(engine).ConfirmAsync(one, stop)),
            { } one => View(await Of(engine).EndAsync(one, stop)) is { } left ? left with { HasLeft = true } : null,
        };

    private static SubscriberDesk Of(EngineContext engine) => engine.Server.Response.Subscribers;

    private static SubscriptionView? View(Subscriber? one) =>
        one is null ? null : new(one.Page, one.Mail, one.ConfirmedAt is not null);
}

/// <param name="Page">The page's name.</param>
/// <param name="Mail">Who is told.</param>
public sealed record SubscriptionView(string Page, string Mail, bool IsConfirmed)
{
    /// <summary>They want it no more, and are forgotten.</summary>
    public bool HasLeft { get; init; }
}
