namespace Fairlead.Roles.Edge;

/// <summary>Looks at a request before it is let in, and may answer it itself.</summary>
internal interface IGuard
{
    /// <summary>Whether the request is answered and goes no further.</summary>
    /// <param name="trip">With its service, when a route leads to one.</param>
    /// <param name="stop">The edge stops.</param>
    ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop);
}
