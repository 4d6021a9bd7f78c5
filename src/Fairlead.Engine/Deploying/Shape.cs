using System.Diagnostics;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What should run and who should answer, at one point of a deployment. Reconciling means to make the world look like it.</summary>
public sealed record Shape(IReadOnlyList<ServiceShape> Services)
{
    public static readonly Shape Empty = new([]);

    /// <summary>The shape of a release that is live and alone.</summary>
    public static Shape Of(Release? release) =>
        release is null
            ? Empty
            : new([
                .. release.Services.Select(one => new ServiceShape(
                    one.Service.Name,
                    [new Holding(one, one.Service.Replicas, one.Service.TakesTraffic ? Share.All : Share.None)]
                )),
            ]);

    /// <summary>The shape that holds when the steps up to and including the given one are done.</summary>
    public static Shape At(Release? live, Release next, IReadOnlyList<Step> steps, int index)
    {
        var shape = Of(live);
        for (var at = 0; at <= index && at < steps.Count; at++)
        {
            shape = shape.After(steps[at], next);
        }
        return shape;
    }

    /// <summary>The same with these services asleep.</summary>
    public Shape Without(Func<Service, bool> sleeps) =>
        new([
            .. Services.Select(one =>
                one.Holdings is [var only] && sleeps(only.Of.Service)
                    ? one with
                    {
                        Holdings = [only with { Replicas = 0 }],
                        IsAsleep = true,
                    }
                    : one
            ),
        ]);

    public ServiceShape? Find(string service) => Services.FirstOrDefault(one => one.Service == service);

    private Shape After(Step step, Release next) =>
        step switch
        {
            Step.Place place => With(place.Part, next, holding => holding with { Replicas = place.Replicas }),
            Step.Preview preview => With(preview.Part, next, holding => holding with { PreviewHost = preview.Host }),
            Step.Shift shift => Shifted(shift.Part, shift.Share, next),
            Step.Watch or Step.Rehearse or Step.Snapshot or Step.Save or Step.Migrate or Step.Run => this,
            Step.Replace replace => Replaced(replace, next),
            Step.Retire retire => With(retire.Part, next, holding => holding with { Replicas = retire.Left }),
            Step.Switch all => all.Parts.Aggregate(this, (shape, part) => shape.Shifted(part, Share.All, next)),
            Step.Promote => Of(next),
            _ => throw new UnreachableException($"A step no one knows: {step}"),
        };

    private Shape Shifted(Part part, Share share, Release next) =>
        With(part, next, holding => holding with { Share = share, PreviewHost = null })
            .Change(part.Service, shape => shape.WithRestTo(part, share));

    private Shape Replaced(Step.Replace replace, Release next)
    {
        var service = next.Find(replace.Part.Service)!;
        var share = service.Service.TakesTraffic ? Share.All : Share.None;
        var only = new ServiceShape(
            service.Service.Name,
            [new Holding(service, replace.Replicas, share)],
            IsExclusive: true
        );
        return Change(service.Service.Name, _ => only);
    }

    private Shape With(Part part, Release next, Func<Holding, Holding> change) =>
        Change(part.Service, shape => shape.With(part, next.Find(part.Service), change));

    private Shape Change(string service, Func<ServiceShape, ServiceShape> change) =>
        Find(service) is { } known
            ? new([.. Services.Select(one => one == known ? change(one) : one)])
            : new([.. Services, change(new ServiceShape(service, []))]);
}

/// <param name="IsExclusive">Its parts may not run at the same time.</param>
public sealed record ServiceShape(string Service, IReadOnlyList<Holding> Holdings, bool IsExclusive = false)
{
    /// <summary>None of it runs, and requests wait until it does.</summary>
    public bool IsAsleep { get; init; }

    public Holding? Find(Part part) => Holdings.FirstOrDefault(one => one.Part == part);

    internal ServiceShape With(Part part, ReleasedService? next, Func<Holding, Holding> change) =>
        Find(part) is not null
            ? this with
            {
                Holdings = [.. Holdings.Select(one => one.Part == part ? change(one) : one)],
            }
        : next is null ? this
        : this with { Holdings = [.. Holdings, change(new Holding(next, 0, Share.None))] };

    internal ServiceShape WithRestTo(Part part, Share share)
    {
        var other = Holdings.FirstOrDefault(one => one.Part != part);
        return other is null
            ? this
            : this with
            {
                Holdings = [.. Holdings.Select(one => one == other ? one with { Share = share.Rest } : one)],
            };
    }
}

/// <summary>How much of a service one part holds.</summary>
public sealed record Holding(ReleasedService Of, int Replicas, Share Share, string? PreviewHost = null)
{
    public Part Part => Of.Part;
}
