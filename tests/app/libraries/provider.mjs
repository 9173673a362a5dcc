// A provider of somebody else's (npm oidc-provider) for one client. Arguments: its module, its port, where people are sent
// back to. Its own pages ask for a login, any password will do.
const [module, port, redirect] = process.argv.slice(2)
const { default: Provider } = await import(module)
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'tideline', client_secret: 'a-word-between-us-two', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  async findAccount(ctx, id) {
    return { accountId: id, claims: () => ({ sub: id, name: `${id} Holm`, preferred_username: id }) }
  },
})
provider.listen(port, '127.0.0.1', () => console.log('ready'))
