using System.Net;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Http;

/// <summary>Looks at a site as a visitor does.</summary>
public static class LiveAnswers
{
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(15);

    /// <exception cref="ProblemException">It does not answer.</exception>
    public static async Task<SeenAnswer> LookAsync(Uri url, CancellationToken stop)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                MaxAutomaticRedirections = 5,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
            }
        )
        {
            Timeout = LookMax,
        };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html, */*;q=0.5");
        try
        {
            using var answer = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stop);
            return new(
                answer.RequestMessage?.RequestUri ?? url,
                (int)answer.StatusCode,
                [
                    .. answer
                        .Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
                        .SelectMany(one => one.Value.Select(value => KeyValuePair.Create(one.Key, value))),
                ]
            );
        }
        catch (Exception caught)
            when (caught is HttpRequestException || (caught is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new ProblemException(
                new Problem(
                    "site.unreachable",
                    What: $"{url} does not answer.",
                    Why: caught.GetBaseException().Message,
                    Fix: $"Look at it yourself: curl -v {url}"
                )
                {
                    Trouble = Trouble.Unreachable,
                },
                caught
            );
        }
    }
}
