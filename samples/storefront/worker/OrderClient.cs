using System.Net;
using System.Net.Http.Json;

namespace Storefront.Worker;

public sealed record Line(string Product, int Quantity);

public sealed record Order(int Number, IReadOnlyList<Line> Lines);

/// <summary>The worker's side of the api.</summary>
/// <param name="http">Its base address ends in a slash; paths are relative to it, because API_URL has a path of its own.</param>
/// <param name="name">Unique among workers: an order is in one worker's hands.</param>
public sealed class OrderClient(HttpClient http, string name)
{
    private readonly string _worker = $"?worker={Uri.EscapeDataString(name)}";

    /// <summary>Takes the oldest order that waits; null when there is none.</summary>
    public async Task<Order?> TakeAsync()
    {
        using var answer = await http.PostAsync($"api/orders/next{_worker}", content: null);
        answer.EnsureSuccessStatusCode();
        return answer.StatusCode is HttpStatusCode.NoContent ? null : await answer.Content.ReadFromJsonAsync<Order>();
    }

    /// <summary>Hands an order on; may be sent twice. False when the order is no longer in this worker's hands.</summary>
    /// <param name="how"><c>packed</c> or <c>returned</c>.</param>
    public async Task<bool> FinishAsync(int number, string how)
    {
        using var answer = await http.PostAsync($"api/orders/{number}/{how}{_worker}", content: null);
        return answer.StatusCode is not HttpStatusCode.Conflict && answer.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }
}
