import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { replyError } from '@productgraph/platform-runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tell } from '../request/errors.ts';
import { EXPLORER_PAGE } from '../tokens.ts';
import type { ExplorerPage } from './page.ts';

/** The explorer by its own address; `/graphql` shows it to browsers too. */
@Controller('explorer')
export class ExplorerController {
  readonly #page: ExplorerPage;

  constructor(@Inject(EXPLORER_PAGE) page: ExplorerPage) {
    this.#page = page;
  }

  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.file(request, reply, 'index.html');
  }

  @Get(':name')
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('name') name: string): Promise<void> {
    try {
      await this.#page.send(request, reply, name);
    } catch (error) {
      const told = tell(error);
      if (!told.expected) throw error;
      await replyError(request, reply, told);
    }
  }
}
