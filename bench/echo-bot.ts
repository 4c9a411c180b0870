/** What turns are compared with: the framework's own adapter and a bot that says back what it hears, nothing else. */
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import restify from 'restify';

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request: restify.Request, response: restify.Response) => {
  await adapter.process(request, response, async (context) => {
    await context.sendActivity(`You said: ${context.activity.text}`);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('Help page and chat: none\n'));
