using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes the reports that are sent by the calendar.</summary>
public static class ReportDrafts
{
    /// <exception cref="ProblemException">There is no such app or team any more, or the store cannot be read.</exception>
    public static async Task<ReportDocument> MakeAsync(
        ServerSide server,
        ReportOrder order,
        ReportSpan span,
        CancellationToken stop
    )
    {
        var scope = await ReportScopes.OfAsync(
            server,
            (order.App, order.Environment, order.Team),
            (span.From, span.Until),
            stop
        );
        if (order.Report == ReportOrder.ServiceLevels)
        {
            var (levels, notes) = await ServiceLevelDesk.ReadAsync(server, scope, stop);
            return ServiceLevelPage.Of($"Service levels of {scope.Said}, {span.Name}", levels, notes, explains: true);
        }
        var delivery = await ReportDelivery.ReadAsync(server, scope, stop);
        return ReportPage.Document(
            $"Delivery of {scope.Said}, {span.Name}",
            delivery.Numbers,
            explains: true,
            delivery.Sections
        );
    }
}
