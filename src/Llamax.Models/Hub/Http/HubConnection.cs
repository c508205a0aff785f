using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Llamax.Models.Hub.Http;

/// <summary>Asks over HTTP: follows redirects itself, so that the token stays with the hub and nothing leads from https to http.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HubSettings settings;
    private readonly HttpClient client;

    public HubConnection(HubSettings settings)
    {
        this.settings = settings;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.ConnectTimeout,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // Bytes that keep coming are no reason to stop: see StallGuard.
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("llamax", typeof(HubConnection).Assembly.GetName().Version?.ToString(3)));
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Asks and gives the last answer on the way, with its headers read and its body not.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Where to.</param>
    /// <param name="from">The first byte wanted; null for all.</param>
    /// <param name="ifTag">The tag that the file must still have for a part of it to be of use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LlamaxException">The way leads where we do not go.</exception>
    public async Task<HubResponse> SendAsync(HttpMethod method, Uri address, long? from, string? ifTag, CancellationToken cancellationToken)
    {
        var (next, withToken) = (address, settings.Token is not null && SameOrigin(address, new Uri(settings.Endpoint)));
        var (tag, size) = ((string?)null, (long?)null);
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, next);
            request.Headers.Authorization = withToken ? new AuthenticationHeaderValue("Bearer", settings.Token) : null;
            if (from is { } first)
            {
                request.Headers.Range = new RangeHeaderValue(first, null);
                // A weak tag does not vouch for bytes, so servers must not take it here.
                if (ifTag is not null && !ifTag.StartsWith("W/", StringComparison.Ordinal))
                {
                    request.Headers.TryAddWithoutValidation("If-Range", ifTag);
                }
            }

            var message = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            tag ??= HubResponse.Bare(HubResponse.Header(message, "X-Linked-Etag"));
            size ??= long.TryParse(HubResponse.Header(message, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            var isDescribed = method == HttpMethod.Head && tag is not null && size is not null; // Where it lies, HEAD is often forbidden.
            if (isDescribed || !IsRedirect(message.StatusCode) || message.Headers.Location is not { } location)
            {
                return new HubResponse(message).With(tag, size);
            }

            using (message)
            {
                var target = new Uri(next, location);
                Check(address, target, redirects);
                withToken &= SameOrigin(next, target); // Once it has left the hub, the way is no longer the hub's.
                next = target;
            }
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Whether two addresses are of the same server.</summary>
    internal static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a redirect.</summary>
    /// <exception cref="LlamaxException">It is one too many, or leads where we do not go.</exception>
    internal static void Check(Uri start, Uri target, int redirects)
    {
        if (redirects == MostRedirects)
        {
            throw new LlamaxException($"{start} leads from one address to the next, more than {MostRedirects} times. Check HF_ENDPOINT and your proxy.");
        }

        if (target.Scheme is not ("https" or "http"))
        {
            throw new LlamaxException($"{start} leads to {target.Scheme}:, which is not followed.");
        }

        if (start.Scheme == "https" && target.Scheme != "https")
        {
            throw new LlamaxException($"{start} leads to {target.Host} without encryption, which is not followed. Check HF_ENDPOINT and your proxy.");
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException)
        {
            throw new LlamaxException(
                $"{request.RequestUri!.Host} does not prove that it is the server of that name ({exception.InnerException.Message.TrimEnd('.')}). Check HF_ENDPOINT; where a proxy of yours opens the connections, name its certificate with SSL_CERT_FILE.", exception);
        }
    }
}
