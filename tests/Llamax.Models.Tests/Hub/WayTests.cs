using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Llamax.Testing.Hub;

namespace Llamax.Models.Tests.Hub;

/// <summary>Where requests go, and what they carry along.</summary>
public sealed class WayTests : IDisposable
{
    private const string Name = "org/small-model";
    private const string Token = "hf_secret";

    private readonly PullBench bench = new();

    public WayTests()
    {
        bench.Server.Add(Name, HubContents.Model());
        bench.Settings = bench.Settings with { Token = Token };
    }

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task The_token_goes_to_the_hub_and_to_nobody_else()
    {
        await bench.PullAsync(Name);
        var (hub, other) = (new Uri(bench.Server.Endpoint).Authority, new Uri(bench.Server.OtherHost).Authority);
        Assert.Contains(bench.Server.Requests, request => request.Host == other);
        Assert.All(bench.Server.Requests, request => Assert.Equal(
            request.Host == hub ? $"Bearer {Token}" : null, request.Headers.GetValueOrDefault("Authorization")));
    }

    [Fact]
    public async Task A_way_that_left_the_hub_and_comes_back_carries_no_token()
    {
        bench.Server.Mischief = request => request.Path switch
        {
            "/org/small-model/resolve" => null,
            var path when path.StartsWith("/cdn/", StringComparison.Ordinal) => HubReply.Redirect($"{bench.Server.Endpoint}/back{path}"),
            var path when path.StartsWith("/back/cdn/", StringComparison.Ordinal) => HubReply.Redirect($"/stolen{path}", 307),
            _ => null,
        };
        await bench.RefusedAsync(Name);
        var back = bench.Server.Requests.Where(request => request.Path.StartsWith("/back/", StringComparison.Ordinal) || request.Path.StartsWith("/stolen/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(back);
        Assert.All(back, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_with_the_token()
    {
        bench.Server.Mischief = request => request.Path.Contains("/old-name", StringComparison.Ordinal)
            ? HubReply.Redirect(request.Target.Replace("old-name", "org/small-model"), 307)
            : null;
        var pulled = await bench.PullAsync("old-name");
        Assert.Contains("models--old-name", pulled.Path);
        Assert.Equal(3, PullBench.Read(pulled.Path).Count);
        Assert.Contains(bench.Server.Requests, request => request.Target.EndsWith("org/small-model/revision/main?blobs=true", StringComparison.Ordinal) && request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        bench.Server.Mischief = request => HubReply.Redirect(request.Target);
        Assert.Contains("more than 10 times", (await bench.RefusedAsync(Name)).Message);
        Assert.Equal(11, bench.Server.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "leads to file:")]
    [InlineData("ftp://example.org/x", "leads to ftp:")]
    public async Task A_redirect_to_another_kind_of_address_is_refused(string target, string expected)
    {
        bench.Server.Mischief = _ => HubReply.Redirect(target);
        Assert.Contains(expected, (await bench.RefusedAsync(Name)).Message);
    }

    [Fact]
    public async Task A_server_that_does_not_prove_its_name_is_not_asked()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=somebody.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var socket = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(socket.GetStream());
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await stream.AuthenticateAsServerAsync(made);
                _ = await stream.ReadAsync(new byte[1]) is 0 ? throw new IOException("closed") : 0;
            });
        });
        bench.Settings = bench.Settings with { Endpoint = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}" };
        Assert.Contains("does not prove that it is the server of that name", (await bench.RefusedAsync(Name)).Message);
        await served;
        Assert.Empty(bench.Clock.Waits);
    }

    [Fact]
    public void From_https_no_way_leads_to_http()
    {
        var exception = Assert.Throws<LlamaxException>(() => Llamax.Models.Hub.Http.HubConnection.Check(new Uri("https://a.example/x"), new Uri("http://a.example/x"), 0));
        Assert.Contains("without encryption", exception.Message);
        Llamax.Models.Hub.Http.HubConnection.Check(new Uri("https://a.example/x"), new Uri("https://b.example/x"), 9);
        Llamax.Models.Hub.Http.HubConnection.Check(new Uri("http://a.example/x"), new Uri("http://b.example/x"), 9);
    }
}
