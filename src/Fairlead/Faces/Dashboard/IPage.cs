using Fairlead.Engine.Guarding.Access;
using Microsoft.AspNetCore.Components;

namespace Fairlead.Faces.Dashboard;

/// <summary>A page of the dashboard: what it asks, and what shows the answers. To add one: its file, its component, a line in <see cref="AllPages"/>.</summary>
public interface IPage
{
    /// <summary>As ASP.NET writes routes, such as <c>/ui/deployments/{id}</c>.</summary>
    string Route { get; }

    /// <summary>The word of the navigation under which it is.</summary>
    string Section { get; }

    /// <summary>It is kept as it is now while somebody looks on.</summary>
    bool IsLive => true;

    /// <summary>A file of the shelf that makes it quicker to use, beside the one of all pages; null for none.</summary>
    string? Script => null;

    /// <summary>What its viewer must be allowed on everything; null where each sees what is theirs.</summary>
    Permission? OnAll => null;

    /// <summary>Asks what it shows.</summary>
    /// <exception cref="Fairlead.Model.Problems.ProblemException">There is no such thing, or the viewer may not see it.</exception>
    Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop);
}

/// <summary>Which page was asked for.</summary>
/// <param name="Path">With its query, as the browser shows it.</param>
public sealed record Place(string Path, IReadOnlyDictionary<string, string> Route, IQueryCollection Query)
{
    /// <summary>A part of the path.</summary>
    public string this[string name] => Route[name];

    /// <summary>A value of the query; null when it is not there or empty.</summary>
    public string? Asked(string name) => Query[name] is [{ Length: > 0 and <= 2_000 } value, ..] ? value : null;

    /// <summary>The same page with another value in its query; null takes it out.</summary>
    public string With(string name, string? value)
    {
        var pairs = Query
            .Where(one => one.Key != name)
            .SelectMany(one => one.Value, static (one, each) => (one.Key, Value: each ?? ""))
            .Concat(value is null ? [] : [(Key: name, Value: value)])
            .Select(static one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}")
            .ToList();
        var path = Path.Split('?')[0];
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }
}

/// <summary>What a page has to show.</summary>
/// <param name="Answer">The heading: the answer to what somebody comes for, as a sentence.</param>
/// <param name="Component">Shows the model, which is its one parameter.</param>
public sealed record Seen(string Answer, Type Component, object Model)
{
    /// <summary>Where it is among others, from the outside in; an address is null where there is no page.</summary>
    public IReadOnlyList<(string Word, string? Url)> Crumbs { get; init; } = [];

    /// <summary>Of a component and what it shows.</summary>
    public static Seen Of<TComponent>(string answer, object model)
        where TComponent : IComponent => new(answer, typeof(TComponent), model);
}
